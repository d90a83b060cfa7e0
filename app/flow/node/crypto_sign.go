package node

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"

	"zygo/app/fault"
)

// privateKey reads a key in PEM. Its own text stands in no error: it is a secret.
func privateKey(text string) (crypto.Signer, error) {
	block, _ := pem.Decode([]byte(text))
	if block != nil {
		if key, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
			if signer, ok := key.(crypto.Signer); ok {
				return signer, nil
			}
		}
		if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
			return key, nil
		}
		if key, err := x509.ParseECPrivateKey(block.Bytes); err == nil {
			return key, nil
		}
	}
	return nil, fault.InvalidField("key", "is no private key in PEM of RSA, ECDSA or Ed25519")
}

// signDocument signs with SHA-256, except for Ed25519, which has a hash of its own.
func signDocument(pemText string, body []byte) ([]byte, error) {
	key, err := privateKey(pemText)
	if err != nil {
		return nil, err
	}
	digest, options := body, crypto.SignerOpts(crypto.Hash(0))
	if _, isEdwards := key.(ed25519.PrivateKey); !isEdwards {
		sum := sha256.Sum256(body)
		digest, options = sum[:], crypto.SHA256
	}
	signature, err := key.Sign(rand.Reader, digest, options)
	if err != nil {
		return nil, fault.InvalidField("key", "can't sign: it is too small or damaged").Because(err)
	}
	return signature, nil
}

// verifyDocument tells whether a signature is that of the owner of a public key.
func verifyDocument(pemText string, body, signature []byte) (bool, error) {
	block, _ := pem.Decode([]byte(pemText))
	var key any
	if block != nil {
		var err error
		if key, err = x509.ParsePKIXPublicKey(block.Bytes); err != nil {
			if certificate, err := x509.ParseCertificate(block.Bytes); err == nil {
				key = certificate.PublicKey
			}
		}
	}
	sum := sha256.Sum256(body)
	switch public := key.(type) {
	case *rsa.PublicKey:
		return rsa.VerifyPKCS1v15(public, crypto.SHA256, sum[:], signature) == nil, nil
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(public, sum[:], signature), nil
	case ed25519.PublicKey:
		return ed25519.Verify(public, body, signature), nil
	}
	return false, fault.InvalidField("key", "is no public key in PEM of RSA, ECDSA or Ed25519")
}
