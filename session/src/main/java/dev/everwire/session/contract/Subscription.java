package dev.everwire.session.contract;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives a method that returns an {@link dev.everwire.session.stream.ItemStream} the shape that
 * Ethereum's nodes made common (docs/dialects.md): calling it answers the id of a subscription,
 * each item is a notification {@code {"subscription":id,"result":item}}, and another method ends
 * it. Both names here are whole ones, without the namespace; methods of one interface may share
 * them.
 *
 * <pre>{@code
 * @Namespace("")
 * interface Chain {
 *   @Rpc(name = "eth_subscribe")
 *   @Subscription(unsubscribe = "eth_unsubscribe", notification = "eth_subscription")
 *   ItemStream<Block> blocks(String kind);
 * }
 * }</pre>
 *
 * It is for serving such peers. A proxy of the interface refuses the call: ends of Everwire's have
 * streams.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Subscription {
  /** The method that takes an id and answers whether there was such a one. */
  String unsubscribe();

  /** The notifications that carry the items. */
  String notification();
}
