/**
 * Real storage servers, each in a JVM of its own: HDFS, S3, Kerberos. Their jars are not on the
 * class path of the tests; what runs in those JVMs is in {@code process}.
 */
@NullMarked
package io.sluice.testkit.server;

import org.jspecify.annotations.NullMarked;
