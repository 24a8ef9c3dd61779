package config

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"errors"
)

var errSealed = errors.New("it was sealed with another secret")

// Seal makes a text unreadable for whoever does not have the secret.
func (s Secret) Seal(text string) []byte {
	box := s.box()
	nonce := make([]byte, box.NonceSize())
	_, _ = rand.Read(nonce) // never returns an error
	return box.Seal(nonce, nonce, []byte(text), nil)
}

// Open returns a text that was sealed with the same secret.
func (s Secret) Open(sealed []byte) (string, error) {
	box := s.box()
	if len(sealed) < box.NonceSize() {
		return "", errSealed
	}
	text, err := box.Open(nil, sealed[:box.NonceSize()], sealed[box.NonceSize():], nil)
	if err != nil {
		return "", errSealed
	}
	return string(text), nil
}

func (s Secret) box() cipher.AEAD {
	key := sha256.Sum256([]byte("supporty sealed text\x00" + s.Reveal()))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // the key is as long as it has to be
	}
	box, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // the block is as long as it has to be
	}
	return box
}
