/**
 * What a store holds, in one canonical form (spec I-85): the shortest history that leads to it. Two stores are equal when these
 * are, and an empty store is filled by carrying it out.
 */
@NullMarked
package dev.holdfast.domain.integrity.exports;

import org.jspecify.annotations.NullMarked;
