package shell

import (
	"errors"
	"fmt"
	"net"
	"strings"

	"golang.org/x/crypto/ssh"
)

// offered are the kinds of host keys that are accepted, the strongest first. SHA-1 is none of them.
var offered = []string{ssh.KeyAlgoED25519, ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521, ssh.KeyAlgoRSASHA512,
	ssh.KeyAlgoRSASHA256}

// hostKey compares what a machine shows with what it was told to show.
type hostKey struct {
	pinned string
	// refusal is a sentence for who set it up, empty where the key is the right one.
	refusal string
}

// CheckHostKey refuses what is neither a fingerprint nor a key.
func CheckHostKey(text string) error {
	if text == "" || fingerprintOf(text) != "" {
		return nil
	}
	return errors.New("is neither a fingerprint such as SHA256:… nor a public key such as ssh-ed25519 AAAA…")
}

// fingerprintOf reads what was pinned; empty for what is nothing of the sort.
func fingerprintOf(text string) string {
	text = strings.TrimSpace(text)
	if rest, ok := strings.CutPrefix(text, "SHA256:"); ok {
		rest = strings.TrimRight(rest, "=")
		if len(rest) == 43 && strings.Trim(rest, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") == "" {
			return "SHA256:" + rest
		}
		return ""
	}
	if key := keyOf(text); key != nil {
		return ssh.FingerprintSHA256(key)
	}
	return ""
}

// keyOf reads a public key, also behind the names of known_hosts; nil for none.
func keyOf(text string) ssh.PublicKey {
	for _, line := range []string{text, text[strings.Index(text, " ")+1:]} {
		if key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(line)); err == nil {
			return key
		}
	}
	return nil
}

// algorithms are those by which the machine may prove itself: of a key that is known, its own.
func (k *hostKey) algorithms() []string {
	key := keyOf(strings.TrimSpace(k.pinned))
	switch {
	case key == nil:
		return offered
	case key.Type() == ssh.KeyAlgoRSA:
		return []string{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256}
	}
	return []string{key.Type()}
}

// check is called before anything is said about who signs in.
func (k *hostKey) check(_ string, _ net.Addr, shown ssh.PublicKey) error {
	seen, pinned := ssh.FingerprintSHA256(shown), fingerprintOf(k.pinned)
	switch {
	case pinned == "":
		k.refusal = fmt.Sprintf("The host key is missing. The machine shows %s (%s): compare it with what \"ssh-keygen -lf\" says on the machine itself, and put it into Host key.",
			seen, shown.Type())
	case pinned != seen:
		k.refusal = fmt.Sprintf("The machine shows another host key than the one that is set: %s (%s) and not %s. Somebody may stand between, or the machine was set up anew.",
			seen, shown.Type(), pinned)
	default:
		return nil
	}
	return errors.New(k.refusal)
}
