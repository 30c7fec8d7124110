/**
 * Ways to find out who a peer is, each an {@link dev.everwire.spi.auth.Authenticator}. Begin at
 * {@link dev.everwire.auth.JwtAuthenticator}; {@link dev.everwire.auth.ApiKeys} and {@link
 * dev.everwire.auth.CertificateAuthenticator} stand beside it, {@link
 * dev.everwire.auth.TokenIssuer} and {@link dev.everwire.auth.TokenInspection} are for development.
 */
@NullMarked
package dev.everwire.auth;

import org.jspecify.annotations.NullMarked;
