package io.sluice.state.adaptive;

import io.sluice.state.adaptive.store.TestPlacement;

class FlinkTtlStateDiskTest extends FlinkTtlStateContract {
    FlinkTtlStateDiskTest() {
        super(TestPlacement.ALL_DISK);
    }
}
