package node

import (
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"net/http"
	"strings"
)

// challenge is what a service asks for with the scheme Digest (RFC 7616).
type challenge map[string]string

// digestHashes are what the answer to a challenge is made with, the best first.
var digestHashes = []struct {
	name string
	make func() hash.Hash
}{{"SHA-512-256", sha512.New512_256}, {"SHA-256", sha256.New}, {"MD5", md5.New}}

// answerDigest sets the answer to a challenge in a request, and tells whether there was one that can be answered.
func (q *httpCall) answerDigest(r *http.Request, came *http.Response) (bool, error) {
	asked := challengesOf(came.Header.Values("Www-Authenticate"))
	for _, known := range digestHashes {
		for _, one := range asked {
			name, isSession := strings.CutSuffix(strings.ToUpper(one["algorithm"]), "-SESS")
			if name == "" {
				name = "MD5"
			}
			if name != known.name || one["nonce"] == "" || one["qop"] != "" && one.quality() == "" {
				continue
			}
			body, err := sentBody(r)
			if err != nil {
				return false, err
			}
			nonce := make([]byte, 16)
			_, _ = rand.Read(nonce) // which never fails
			answer := one.answer(digestOf{known.make, isSession, string(q.p.Username), string(q.p.Password), hex.EncodeToString(nonce)}, r, body)
			r.Header.Set("Authorization", answer)
			return true, nil
		}
	}
	return false, nil
}

// quality is the kind of protection that is used, empty where none is known.
func (c challenge) quality() string {
	found := ""
	for name := range strings.SplitSeq(c["qop"], ",") {
		switch strings.TrimSpace(name) {
		case "auth":
			return "auth"
		case "auth-int":
			found = "auth-int"
		}
	}
	return found
}

// digestOf is with what an answer is made.
type digestOf struct {
	hash                       func() hash.Hash
	isSession                  bool
	username, password, cnonce string
}

func (d digestOf) sum(text string) string {
	h := d.hash()
	h.Write([]byte(text))
	return hex.EncodeToString(h.Sum(nil))
}

// answer is the header that proves the password without sending it.
func (c challenge) answer(d digestOf, r *http.Request, body []byte) string {
	const count = "00000001"
	secret := d.sum(d.username + ":" + c["realm"] + ":" + d.password)
	if d.isSession {
		secret = d.sum(secret + ":" + c["nonce"] + ":" + d.cnonce)
	}
	what, quality := r.Method+":"+r.URL.RequestURI(), c.quality()
	if quality == "auth-int" {
		what += ":" + d.sum(string(body))
	}
	username, hashed := d.username, strings.EqualFold(c["userhash"], "true")
	if hashed {
		username = d.sum(d.username + ":" + c["realm"])
	}
	parts := []string{quotedIn("username", username), quotedIn("realm", c["realm"]), quotedIn("uri", r.URL.RequestURI())}
	if c["algorithm"] != "" {
		parts = append(parts, "algorithm="+c["algorithm"])
	}
	parts = append(parts, quotedIn("nonce", c["nonce"]))
	response := d.sum(secret + ":" + c["nonce"] + ":" + d.sum(what))
	if quality != "" {
		response = d.sum(strings.Join([]string{secret, c["nonce"], count, d.cnonce, quality, d.sum(what)}, ":"))
		parts = append(parts, "nc="+count, quotedIn("cnonce", d.cnonce), "qop="+quality)
	}
	parts = append(parts, quotedIn("response", response))
	if c["opaque"] != "" {
		parts = append(parts, quotedIn("opaque", c["opaque"]))
	}
	if hashed {
		parts = append(parts, "userhash=true")
	}
	return "Digest " + strings.Join(parts, ", ")
}

func quotedIn(name, text string) string {
	return fmt.Sprintf(`%s="%s"`, name, strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text))
}

// challengesOf reads the challenges of the scheme Digest among those of a service (RFC 9110, 11.6.1).
func challengesOf(headers []string) []challenge {
	var all []challenge
	for _, header := range headers {
		var current challenge
		for rest := strings.TrimSpace(header); rest != ""; rest = strings.TrimLeft(rest, ", \t") {
			end := strings.IndexAny(rest, "= ,\t")
			if end < 0 {
				break
			}
			word := rest[:end]
			rest = strings.TrimLeft(rest[end:], " \t")
			if !strings.HasPrefix(rest, "=") { // a scheme
				current = nil
				if strings.EqualFold(word, "Digest") {
					current = challenge{}
					all = append(all, current)
				}
				continue
			}
			var text string
			text, rest = challengeValue(strings.TrimLeft(rest[1:], " \t"))
			if current != nil {
				current[strings.ToLower(word)] = text
			}
		}
	}
	return all
}

// challengeValue reads a token or a quoted text, and gives what follows it.
func challengeValue(text string) (value, rest string) {
	if !strings.HasPrefix(text, `"`) {
		end := strings.IndexAny(text, ", \t")
		if end < 0 {
			return text, ""
		}
		return text[:end], text[end:]
	}
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '"':
			return b.String(), text[i+1:]
		case text[i] == '\\' && i+1 < len(text):
			i++
		}
		b.WriteByte(text[i])
	}
	return b.String(), ""
}
