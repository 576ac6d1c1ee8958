/** Several configurations of one file system scheme, each behind a scheme of its own. */
@NullMarked
package io.sluice.fs.multiconf;

import org.jspecify.annotations.NullMarked;
