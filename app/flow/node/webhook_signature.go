package node

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"regexp"
	"slices"
	"strings"
	"zygo/app/fault"
)

// digest is what the signature is made with, and what stands before it.
func (w *Webhook) digest() (hashed func() hash.Hash, prefix string) {
	name := w.Hash
	if name == "by_prefix" {
		name = "sha256"
		for _, other := range []DigestHash{"sha1", "sha512"} {
			if strings.EqualFold(string(w.Prefix), string(other)+"=") {
				name = other
			}
		}
	}
	hashed = map[DigestHash]func() hash.Hash{"sha1": sha1.New, "sha256": sha256.New, "sha512": sha512.New}[name]
	return hashed, strings.TrimPrefix(cmp.Or(string(w.Prefix), string(name)+"="), "-")
}

// placeholder is what stands for a part of the call in the text that is signed.
var placeholder = regexp.MustCompile(`\{[^{}]*\}`)

// checkSigned refuses a signed text that leaves the body out, or names what is not there.
func (w *Webhook) checkSigned() error {
	if w.Auth != "hmac" {
		return nil
	}
	if strings.Count(w.Signed, "{body}") != 1 {
		return fault.InvalidField("signed", "must hold {body} once, or the signature would protect nothing")
	}
	if _, ok := w.layout(); !ok {
		return fault.InvalidField("written", "must be like t={timestamp},v1={signature}, with one of each")
	}
	if w.Written != "" && !strings.Contains(w.Signed, "{timestamp}") {
		return fault.InvalidField("signed", "must hold {timestamp}, or the one in the header would protect nothing")
	}
	for _, name := range placeholder.FindAllString(w.Signed, -1) {
		switch {
		case name == "{url}" && w.Callback == "":
			return fault.InvalidField("callback", "is required, because {url} stands for it")
		case name == "{timestamp}" && w.Timestamp == "" && w.Written == "":
			return fault.InvalidField("timestamp", "is required, because {timestamp} stands for that header")
		case name != "{url}" && name != "{timestamp}" && name != "{body}":
			return fault.InvalidField("signed", "can't hold %.40s; it knows {body}, {url} and {timestamp}", name)
		}
	}
	return nil
}

// headerLayout is how a header is written that holds a timestamp and signatures.
type headerLayout struct{ timestamp, signature, separator string }

var writtenHeader = regexp.MustCompile(`^([A-Za-z0-9_-]{1,20}=)\{(timestamp|signature)\}([,;] ?)([A-Za-z0-9_-]{1,20}=)\{(timestamp|signature)\}$`)

// layout reads how the header is written, and tells whether it can be.
func (w *Webhook) layout() (headerLayout, bool) {
	m := writtenHeader.FindStringSubmatch(string(w.Written))
	switch {
	case m == nil || m[2] == m[5] || m[1] == m[4]:
		return headerLayout{}, w.Written == ""
	case m[2] == "timestamp":
		return headerLayout{m[1], m[4], strings.TrimSpace(m[3])}, true
	}
	return headerLayout{m[4], m[1], strings.TrimSpace(m[3])}, true
}

// split gives the timestamp and the signatures of a header. There may be several while a key is exchanged for another.
func (l headerLayout) split(header string) (stamp string, signatures []string) {
	for _, part := range strings.SplitN(header, l.separator, mostSignatures+2) {
		part = strings.TrimSpace(part)
		if digits, found := strings.CutPrefix(part, l.signature); found {
			signatures = append(signatures, digits)
		} else if text, found := strings.CutPrefix(part, l.timestamp); found {
			stamp = text
		}
	}
	return stamp, signatures
}

func (w *Webhook) isSigned(p *proof, key []byte) bool {
	hashed, prefix := w.digest()
	header := p.header.Get(cmp.Or(w.Header, "X-Hub-Signature-256"))
	if len(header) > longestProof {
		return false
	}
	stamp, signatures := p.header.Get(w.Timestamp), []string{}
	if layout, _ := w.layout(); w.Written != "" {
		stamp, signatures = layout.split(header)
	} else if digits, found := strings.CutPrefix(header, prefix); found {
		signatures = append(signatures, digits)
	}
	if strings.Contains(w.Signed, "{timestamp}") && !isRecent(stamp, p.now) {
		return false
	}
	text := strings.NewReplacer("{body}", string(p.body), "{url}", w.Callback, "{timestamp}", stamp).Replace(w.Signed)
	wanted := signWith(hashed, key, []byte(text))
	return slices.ContainsFunc(signatures, func(digits string) bool {
		given, err := hex.DecodeString(digits)
		if w.Coding == "base64" {
			given, err = base64.StdEncoding.DecodeString(digits)
		}
		return err == nil && hmac.Equal(given, wanted)
	})
}
