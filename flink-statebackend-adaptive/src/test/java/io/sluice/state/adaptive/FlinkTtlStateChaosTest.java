package io.sluice.state.adaptive;

import io.sluice.state.adaptive.store.TestPlacement;

class FlinkTtlStateChaosTest extends FlinkTtlStateContract {
    FlinkTtlStateChaosTest() {
        super(TestPlacement.CHAOS);
    }
}
