/** Models and providers over HTTP, the OpenAI faces, and the calls to providers. */
@NullMarked
package dev.holdfast.http.relay;

import org.jspecify.annotations.NullMarked;
