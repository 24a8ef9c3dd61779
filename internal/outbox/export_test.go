package outbox

// Backoff is backoff, for its properties to be tested.
var Backoff = backoff
