rapport init tea
