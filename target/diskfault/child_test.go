package diskfault_test

// childVariable makes the test's program a child of a test.
const childVariable = "JEPSEN_LITE_DISKFAULT_CHILD"

func beChild() {}
