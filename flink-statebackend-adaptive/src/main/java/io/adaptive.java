import io.sluice.state.adaptive.AdaptiveStateBackendFactory;

/**
 * Makes {@code state.backend.type: adaptive} work: Flink takes any type but its own three for the
 * name of a factory class. Remove when Flink looks up state backends by a service interface.
 */
@SuppressWarnings({"DefaultPackage", "ClassNamedLikeTypeParameter", "checkstyle:TypeName"})
public final class adaptive extends AdaptiveStateBackendFactory {}
