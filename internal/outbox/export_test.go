package outbox

// Backoff exports backoff to the test of its properties.
var Backoff = backoff
