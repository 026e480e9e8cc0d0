"""SMP, the protocol of Zephyr's MCUmgr, on a serial line. smp and smpclient know what frames have inside."""
