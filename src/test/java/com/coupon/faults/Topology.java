package com.coupon.faults;

import java.nio.file.Path;

/** How several Redis servers make one. */
enum Topology {
    SENTINEL {
        @Override
        RedisSetup start(Path folder) {
            return new SentinelSetup(folder);
        }
    },
    CLUSTER {
        @Override
        RedisSetup start(Path folder) {
            return new ClusterSetup(folder);
        }
    };

    abstract RedisSetup start(Path folder);
}
