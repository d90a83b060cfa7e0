package node

import (
	"context"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"slices"
	"strings"

	"github.com/google/uuid"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/content"
	"zygo/app/value"
)

// Crypto hashes, signs and makes random values.
type Crypto struct {
	Op          CryptoOp     `z:"default=hash,literal,label=Operation"`
	Value       value.Value  `z:"when=op:hash|hmac|sign|verify,help=A text, or a file such as {{ $json.body.cv }}. Other values count as their JSON."`
	Hash        CryptoHash   `z:"default=SHA256,literal,when=op:hash|hmac"`
	Secret      field.Exact  `z:"max=16000,secrets,when=op:hmac|make_token|verify_token|one_time_code,help=Such as {{ $secrets.KEY }}. For RS, PS, ES and EdDSA it is a key in PEM: the private one to make a token, the public one to verify it."`
	Key         field.Exact  `z:"max=16000,secrets,when=op:sign|verify,help=The private key in PEM to sign; the public one to verify."`
	Signature   field.Exact  `z:"max=4000,when=op:verify,help=In the encoding below."`
	Algorithm   JWTAlgorithm `z:"default=HS256,literal,when=op:make_token|verify_token"`
	Claims      value.Value  `z:"document=*,when=op:make_token,help=An object such as {\"sub\": \"{{ $json.id }}\"}. The time iat is added."`
	Lasts       int          `z:"min=0,max=315360000,when=op:make_token,help=Seconds until the token ends; it has no end when empty."`
	Token       field.Exact  `z:"max=8192,when=op:verify_token|read_token"`
	Digits      int          `z:"default=6,min=6,max=8,literal,fold,when=op:one_time_code"`
	Period      int          `z:"default=30,min=1,max=3600,literal,fold,when=op:one_time_code,help=In seconds."`
	CodeHash    CodeHash     `z:"default=SHA1,literal,fold,label=Hash,when=op:one_time_code"`
	Random      CryptoRandom `z:"default=uuid,literal,when=op:random,label=Kind"`
	Length      int          `z:"default=32,min=1,max=1024,when=op:random,help=Of what is made, in characters; a UUID has its own."`
	Encoding    DigestCoding `z:"default=hex,literal,when=op:hash|hmac|sign|verify"`
	Destination field.Exact  `z:"max=500,default=data,help=The field that gets the result."`
}

// CryptoOp is what the node does.
type CryptoOp string

// Choices are the operations.
func (CryptoOp) Choices() []field.Choice {
	return []field.Choice{{Value: "hash", Label: "Hash"}, {Value: "hmac", Label: "HMAC"}, {Value: "sign", Label: "Sign"},
		{Value: "verify", Label: "Verify a signature"}, {Value: "random", Label: "Random value"},
		{Value: "make_token", Label: "Make a JSON Web Token"}, {Value: "verify_token", Label: "Verify a JSON Web Token"},
		{Value: "read_token", Label: "Read a JSON Web Token"}, {Value: "one_time_code", Label: "One-time code"}}
}

// CryptoHash is a hash function.
type CryptoHash string

// Choices are the functions. MD5 and SHA-1 are there for services that still ask for them.
func (CryptoHash) Choices() []field.Choice {
	return choices("SHA256", "SHA384", "SHA512", "SHA3-256", "SHA3-384", "SHA3-512", "SHA1", "MD5")
}

// CodeHash is the hash function of a one-time code.
type CodeHash string

// Choices are those of RFC 6238.
func (CodeHash) Choices() []field.Choice { return choices("SHA1", "SHA256", "SHA512") }

func (h CryptoHash) function() func() hash.Hash {
	return map[CryptoHash]func() hash.Hash{
		"SHA256": sha256.New, "SHA384": sha512.New384, "SHA512": sha512.New, "SHA1": sha1.New, "MD5": md5.New,
		"SHA3-256": func() hash.Hash { return sha3.New256() }, "SHA3-384": func() hash.Hash { return sha3.New384() },
		"SHA3-512": func() hash.Hash { return sha3.New512() },
	}[h]
}

// CryptoRandom is what a random value consists of.
type CryptoRandom string

// Choices are the kinds.
func (CryptoRandom) Choices() []field.Choice {
	return []field.Choice{{Value: "uuid", Label: "UUID"}, {Value: "hex", Label: "Hexadecimal digits"}, {Value: "base64", Label: "Base64"},
		{Value: "ascii", Label: "Letters and digits"}}
}

func cryptography() *Type {
	return Declare(Type{
		Name: "crypto", Version: 1, Category: "data", Title: "Crypto", Icon: "hash",
		Help: "Hashes, signs and verifies values and tokens, and makes random values and one-time codes.",
		Examples: []Example{{
			Config: `{"op": "hash", "value": "{{ $json.text }}", "destination": "sum"}`,
			In:     `[{"text": "abc"}]`,
			Out:    `{"main": [{"text": "abc", "sum": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}]}`,
		}},
	}, runCrypto)
}

// Check refuses operations without what they need.
func (p *Crypto) Check() error {
	needsValue := slices.Contains([]CryptoOp{"hash", "hmac", "sign", "verify"}, p.Op)
	needsSecret := slices.Contains([]CryptoOp{"hmac", "make_token", "verify_token", "one_time_code"}, p.Op)
	switch {
	case needsValue && p.Value.Kind() == value.UndefinedKind:
		return fault.InvalidField("value", "is required")
	case needsSecret && p.Secret == "":
		return fault.InvalidField("secret", "is required")
	case (p.Op == "sign" || p.Op == "verify") && p.Key == "":
		return fault.InvalidField("key", "is required")
	case (p.Op == "verify_token" || p.Op == "read_token") && p.Token == "":
		return fault.InvalidField("token", "is required")
	}
	return nil
}

func runCrypto(_ context.Context, c *Call, parameters func(int) (*Crypto, error)) (Result, error) {
	return c.change(func(i int) (value.Value, error) {
		p, err := parameters(i)
		if err != nil {
			return value.Null(), err
		}
		made, err := p.make(c)
		if err != nil {
			return value.Null(), err
		}
		return with(c.Items[i].JSON, "destination", string(p.Destination), made)
	})
}

func (p *Crypto) make(c *Call) (value.Value, error) {
	if p.Op == "random" {
		text, err := p.random()
		return value.String(text), err
	}
	if strings.HasSuffix(string(p.Op), "_token") || p.Op == "one_time_code" {
		return p.token(c.Now)
	}
	room := c.carried()
	defer room.Reset()
	size, isFile := content.SizeOf(p.Value)
	if err := room.Take(size); err != nil {
		return value.Null(), err
	}
	body := bodyOf(p.Value)
	if isFile {
		file, ok := content.FileOf(p.Value)
		if !ok {
			return value.Null(), fault.InvalidField("value", "is no file: its base64 can't be read")
		}
		body = file.Body
	}
	switch p.Op {
	case "hmac":
		return p.encoded(signWith(p.Hash.function(), []byte(p.Secret), body)), nil
	case "sign":
		signature, err := signDocument(string(p.Key), body)
		return p.encoded(signature), err
	case "verify":
		given, err := p.decoded(string(p.Signature))
		if err != nil {
			return value.Bool(false), nil // what is no signature is none of this value
		}
		holds, err := verifyDocument(string(p.Key), body, given)
		return value.Bool(holds), err
	}
	h := p.Hash.function()()
	h.Write(body)
	return p.encoded(h.Sum(nil)), nil
}

func (p *Crypto) encoded(digest []byte) value.Value {
	if p.Encoding == "base64" {
		return value.String(base64.StdEncoding.EncodeToString(digest))
	}
	return value.String(hex.EncodeToString(digest))
}

func (p *Crypto) decoded(text string) ([]byte, error) {
	if p.Encoding == "base64" {
		return base64.StdEncoding.DecodeString(text)
	}
	return hex.DecodeString(text)
}

// letters are those of random texts: 64, so that each byte gives one without favouring some.
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

func (p *Crypto) random() (string, error) {
	if p.Random == "uuid" {
		id, err := uuid.NewRandom()
		return id.String(), err
	}
	bytes := make([]byte, p.Length)
	_, _ = rand.Read(bytes) // which never fails
	switch p.Random {
	case "hex":
		return hex.EncodeToString(bytes)[:p.Length], nil
	case "base64":
		return base64.StdEncoding.EncodeToString(bytes)[:p.Length], nil
	}
	for i := range bytes {
		bytes[i] = letters[bytes[i]%64]
	}
	return string(bytes), nil
}
