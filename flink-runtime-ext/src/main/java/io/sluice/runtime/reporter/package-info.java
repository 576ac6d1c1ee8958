/** Metric reporters that processes of Sluice have without being configured. */
@NullMarked
package io.sluice.runtime.reporter;

import org.jspecify.annotations.NullMarked;
