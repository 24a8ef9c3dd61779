package workspace

// ScopePrefix says by channel_type how its scopes begin.
var ScopePrefix = map[string]string{"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}
