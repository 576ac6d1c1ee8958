package io.sluice.state.adaptive;

import io.sluice.state.adaptive.store.TestPlacement;

class FlinkTtlStateAlternatingTest extends FlinkTtlStateContract {
    FlinkTtlStateAlternatingTest() {
        super(TestPlacement.ALTERNATING);
    }
}
