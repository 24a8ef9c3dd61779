package wire

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
)

// RandomHex is a random text of that many bytes.
func RandomHex(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b) // never fails, by its contract
	return hex.EncodeToString(b)
}

// NewUUID is a random UUID.
func NewUUID() string {
	b := make([]byte, 16)
	rand.Read(b) // never fails, by its contract
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
