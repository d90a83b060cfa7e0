package factors

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"testing"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncbor"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"
)

// device holds passkeys and signs with them, for pages that no browser can be led to. Unlike one it signs for every page that
// asks, so that refusals are the instance's.
type device struct {
	t    testing.TB
	keys []heldKey
}

type heldKey struct {
	id      string
	host    string
	owner   string
	private *ecdsa.PrivateKey
}

// ceremony is what the instance asks of a device.
type ceremony struct {
	Ceremony string
	Options  struct {
		PublicKey struct {
			Challenge        string
			RPID             string `json:"rpId"`
			RP               struct{ ID string }
			User             struct{ ID string }
			AllowCredentials []struct{ ID string }
		}
	}
}

// The flags of what a device says of itself: somebody was there, showed who they are, and the key is attached.
const userPresent, userVerified, keyAttached = 1, 4, 64

func said(host string, flags byte) []byte {
	sum := sha256.Sum256([]byte(host))
	return append(sum[:], flags, 0, 0, 0, 0) // it never counts
}

func encoded(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (d *device) clientData(kind, challenge, page string) []byte {
	text, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": page, "crossOrigin": false})
	if err != nil {
		d.t.Fatal(err)
	}
	return text
}

// create makes a key for what a page asks.
func (d *device) create(c ceremony, page string) map[string]any {
	d.t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		d.t.Fatal(err)
	}
	point, err := private.PublicKey.Bytes() // 4, x and y
	if err != nil {
		d.t.Fatal(err)
	}
	id := make([]byte, 16)
	rand.Read(id)
	public, err := webauthncbor.Marshal(webauthncose.EC2PublicKeyData{
		PublicKeyData: webauthncose.PublicKeyData{KeyType: int64(webauthncose.EllipticKey), Algorithm: int64(webauthncose.AlgES256)},
		Curve:         int64(webauthncose.P256), XCoord: point[1:33], YCoord: point[33:]})
	if err != nil {
		d.t.Fatal(err)
	}
	data := append(said(c.Options.PublicKey.RP.ID, userPresent|userVerified|keyAttached), make([]byte, 16)...) // a model that has no name
	data = append(append(append(data, 0, byte(len(id))), id...), public...)
	object, err := webauthncbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": data})
	if err != nil {
		d.t.Fatal(err)
	}
	d.keys = append(d.keys, heldKey{encoded(id), c.Options.PublicKey.RP.ID, c.Options.PublicKey.User.ID, private})
	return map[string]any{"id": encoded(id), "rawId": encoded(id), "type": "public-key", "clientExtensionResults": map[string]any{},
		"response": map[string]any{
			"clientDataJSON":    encoded(d.clientData(string(protocol.CreateCeremony), c.Options.PublicKey.Challenge, page)),
			"attestationObject": encoded(object)}}
}

// sign answers a page with a key.
func (d *device) sign(c ceremony, page string, key heldKey) map[string]any {
	d.t.Helper()
	data := said(key.host, userPresent|userVerified)
	client := d.clientData(string(protocol.AssertCeremony), c.Options.PublicKey.Challenge, page)
	sum := sha256.Sum256(client)
	sum = sha256.Sum256(append(data[:len(data):len(data)], sum[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, key.private, sum[:])
	if err != nil {
		d.t.Fatal(err)
	}
	return map[string]any{"id": key.id, "rawId": key.id, "type": "public-key", "clientExtensionResults": map[string]any{},
		"response": map[string]any{"clientDataJSON": encoded(client), "authenticatorData": encoded(data), "signature": encoded(signature),
			"userHandle": key.owner}}
}
