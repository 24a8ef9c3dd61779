// Package layout reads blocks: which elements they have, what is filled into them,
// and how they read as plain text. What Slack would refuse is for blockkit to find.
package layout
