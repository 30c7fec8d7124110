package dev.everwire.session.contract;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The one parameter of a method, a record, is {@code params} itself and not a member of it: with
 * {@code place(@Flat PlaceOrder command)} a caller sends {@code {"sku":"a","quantity":2}}, without
 * it {@code {"command":{"sku":"a","quantity":2}}}. Only named parameters fit such a method.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface Flat {}
