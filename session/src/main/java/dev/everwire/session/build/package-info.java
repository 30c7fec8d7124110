/**
 * How an end is told what it serves. {@link dev.everwire.session.build.ServingBuilder} is all there
 * is; the builders of servers and clients extend it.
 */
@NullMarked
package dev.everwire.session.build;

import org.jspecify.annotations.NullMarked;
