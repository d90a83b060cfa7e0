// Package vault keeps the instance's master key and what follows from it: the box that seals secrets, and the key of the
// ledger's chain. It imports store for the key file's name, and fault.
package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"zygo/app/fault"
	"zygo/store"
)

// Keys are derived from the instance's master key, a file beside the database that every backup carries.
type Keys struct {
	// Ledger authenticates the entries of the ledger.
	Ledger []byte
	box    cipher.AEAD
}

// Load reads the master key, and makes it where the instance is new. A lost key of an instance with data is a refusal
// to start: a new one would make everything sealed unreadable for good.
func Load(dir string, fresh bool) (*Keys, error) {
	path := filepath.Join(dir, store.KeyFile)
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, os.ErrNotExist) && fresh:
		master := make([]byte, 32)
		rand.Read(master)
		text = []byte(base64.StdEncoding.EncodeToString(master) + "\n")
		if err := writeDurably(path, text); err != nil {
			return nil, fmt.Errorf("write the master key: %w", err)
		}
	case errors.Is(err, os.ErrNotExist):
		return nil, fault.New(fault.Unavailable,
			"The master key %s is missing, and without it nothing sealed can be read. Put it back from a backup.", path)
	case err != nil:
		return nil, fmt.Errorf("read the master key: %w", err)
	}
	master, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(master) != 32 {
		return nil, fault.New(fault.Unavailable, "The master key %s is damaged. Put it back from a backup.", path)
	}
	ledger, err := hkdf.Key(sha256.New, master, nil, "zygo ledger", 32)
	if err != nil {
		return nil, err
	}
	sealing, err := hkdf.Key(sha256.New, master, nil, "zygo secrets", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(sealing)
	if err != nil {
		return nil, err
	}
	box, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	return &Keys{ledger, box}, nil
}

// Seal encrypts a value for one place: moved to another tenant, row or field it does not open.
func (k *Keys) Seal(value, tenant, id, field string) string {
	return string(k.box.Seal(nil, nil, []byte(value), place(tenant, id, field)))
}

// Open decrypts what Seal gave for the same place.
func (k *Keys) Open(sealed, tenant, id, field string) (string, error) {
	value, err := k.box.Open(nil, nil, []byte(sealed), place(tenant, id, field))
	if err != nil {
		return "", fmt.Errorf("open a secret: %w", err)
	}
	return string(value), nil
}

func place(tenant, id, field string) []byte { return []byte(tenant + "\x00" + id + "\x00" + field) }

// writeDurably makes a file whose content and name are on disk when it returns.
func writeDurably(path string, content []byte) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
