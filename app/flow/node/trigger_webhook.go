package node

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
)

// Webhook starts a workflow when its address is called.
type Webhook struct {
	Path    string        `z:"required,max=200,literal,help=Behind /hooks/ and the id of the organization."`
	Method  []HTTPMethod  `z:"default=POST,literal"`
	Auth    WebhookAuth   `z:"default=none,literal"`
	Secret  string        `z:"max=100,literal,when=auth:basic|header|hmac|standard_webhooks,help=Name of the secret that callers know: the password, the header's value or the key of the signature."`
	User    string        `z:"max=200,literal,when=auth:basic"`
	Header  string        `z:"max=100,literal,when=auth:header|hmac,help=X-Hub-Signature-256 for a signature and X-Api-Key for a value, unless you name another."`
	Prefix  field.Exact   `z:"max=20,default=sha256=,literal,fold,when=auth:hmac,help=What stands before the signature; - for nothing."`
	Coding  DigestCoding  `z:"default=hex,literal,fold,label=Encoding,when=auth:hmac"`
	Respond WebhookAnswer `z:"default=at_once,literal"`
	Dedupe  string        `z:"max=100,literal,fold,label=Delivery header,help=A header such as X-GitHub-Delivery that names a delivery; a second one of the same name has no effect."`
}

// HTTPMethod is a method that a webhook takes.
type HTTPMethod string

// Choices are the methods.
func (HTTPMethod) Choices() []field.Choice {
	return choices("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")
}

// WebhookAuth is how a caller shows that it may call.
type WebhookAuth string

// Choices are the ways.
func (WebhookAuth) Choices() []field.Choice {
	return []field.Choice{{Value: "none", Label: "No authentication"}, {Value: "basic", Label: "Name and password"},
		{Value: "header", Label: "Secret in a header"}, {Value: "hmac", Label: "Signature of the body"}, {Value: "standard_webhooks", Label: "Standard Webhooks signature"}}
}

// DigestCoding is how a signature is written.
type DigestCoding string

// Choices are the codings.
func (DigestCoding) Choices() []field.Choice { return choices("hex", "base64") }

// WebhookAnswer says when a caller is answered.
type WebhookAnswer string

// AtOnce is the answer before anything has run.
const AtOnce WebhookAnswer = "at_once"

// Choices are the moments.
func (WebhookAnswer) Choices() []field.Choice {
	return []field.Choice{{Value: "at_once", Label: "At once"}, {Value: "at_end", Label: "At the end, with the last node's items"},
		{Value: "by_node", Label: "By a Respond node"}}
}

// choices are choices whose labels are their values.
func choices(values ...string) []field.Choice {
	list := make([]field.Choice, len(values))
	for i, v := range values {
		list[i] = field.Choice{Value: v, Label: v}
	}
	return list
}

func webhook() *Type {
	return Declare(Type{
		Name: "trigger.webhook", Version: 1, Category: "triggers", Title: "Webhook", Icon: "webhook", Trigger: true,
		Help: "Starts when another service calls the workflow's address.",
	}, passThrough[Webhook])
}

// WebhookOf gives the settings of a webhook trigger.
func WebhookOf(n *Node) (*Webhook, bool) {
	w, ok := n.fixed.(*Webhook)
	return w, ok
}

var webhookPath = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?(?:/[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)*$`)

// Check says what tags can't.
func (w *Webhook) Check() error {
	switch {
	case !webhookPath.MatchString(w.Path) || strings.Contains(w.Path, ".."):
		return fault.InvalidField("path", "must be small letters, digits, dots, hyphens and slashes, such as github/pushes")
	case len(w.Method) == 0:
		return fault.InvalidField("method", "is required")
	case w.Auth != "none" && w.Secret == "":
		return fault.InvalidField("secret", "is required, or everybody could call")
	case w.Auth == "basic" && w.User == "":
		return fault.InvalidField("user", "is required")
	}
	return nil
}

// refer tells which secret is used.
func (w *Webhook) refer(c *compiler) {
	if w.Auth != "none" {
		c.mention(nil, []string{w.Secret})
	}
}

const (
	shortestSecret = 24
	longestProof   = 1024
	longestID      = 256
	// tolerance is that of the Standard Webhooks specification.
	tolerance      = 5 * time.Minute
	mostSignatures = 20
)

var (
	errRefused       = fault.New(fault.Unauthenticated, "The caller could not be verified.")
	errNotConfigured = fault.New(fault.Unavailable, "This webhook is not completely set up.")
)

// proof is what of a call shows who made it.
type proof struct {
	header http.Header
	body   []byte
	now    time.Time
}

// Admit decides about a call: MethodNotAllowed, Unauthenticated, or Unavailable where the secret is missing or shorter
// than 24 bytes, because a key that can be guessed protects nothing. The answer names the delivery, empty when it has no
// name; the engine keeps it so that a replay has no second effect. Body
// holds the bytes as they came, before any decoding: a signature holds for those only.
func (w *Webhook) Admit(now time.Time, method string, header http.Header, body []byte, secret func(name string) (string, error)) (delivery string, err error) {
	if !slices.Contains(w.Method, HTTPMethod(method)) {
		return "", fault.New(fault.MethodNotAllowed, "This webhook doesn't take %.10s.", method)
	}
	if w.Auth != "none" {
		known, err := secret(w.Secret)
		if err != nil {
			return "", errNotConfigured
		}
		key, err := w.key(known)
		if err != nil {
			return "", errNotConfigured
		}
		if !w.isProven(proof{header, body, now}, key) {
			return "", errRefused
		}
	}
	name := w.Dedupe
	if w.Auth == "standard_webhooks" {
		name = "webhook-id"
	}
	if name == "" {
		return "", nil
	}
	if delivery = header.Get(name); len(delivery) > longestID {
		return "", fault.New(fault.BadRequest, "The header %s is longer than %d bytes.", name, longestID)
	}
	return delivery, nil
}

// CheckSecret tells what is wrong with a secret that is to prove who calls.
func (w *Webhook) CheckSecret(secret string) error {
	_, err := w.key(secret)
	return err
}

func (w *Webhook) key(secret string) ([]byte, error) {
	key := []byte(secret)
	if encoded, found := strings.CutPrefix(secret, "whsec_"); found && w.Auth == "standard_webhooks" {
		var err error
		if key, err = base64.StdEncoding.DecodeString(encoded); err != nil {
			return nil, fault.New(fault.Invalid, "isn't in base64 behind whsec_")
		}
	}
	if len(key) < shortestSecret {
		return nil, fault.New(fault.Invalid, "has %d bytes; give it at least %d, because a shorter one could be guessed", len(key), shortestSecret)
	}
	return key, nil
}

func (w *Webhook) isProven(p proof, key []byte) bool {
	switch w.Auth {
	case "basic":
		wanted := "Basic " + base64.StdEncoding.EncodeToString(append([]byte(w.User+":"), key...))
		return equal(p.header.Get("Authorization"), wanted)
	case "header":
		return equal(p.header.Get(or(w.Header, "X-Api-Key")), string(key))
	case "hmac":
		return w.isSigned(p, key)
	case "standard_webhooks":
		return isStandard(p, key)
	}
	return false
}

func (w *Webhook) isSigned(p proof, key []byte) bool {
	signature := p.header.Get(or(w.Header, "X-Hub-Signature-256"))
	digits, found := strings.CutPrefix(signature, strings.TrimPrefix(string(w.Prefix), "-"))
	if !found || len(signature) > longestProof {
		return false
	}
	given, err := hex.DecodeString(digits)
	if w.Coding == "base64" {
		given, err = base64.StdEncoding.DecodeString(digits)
	}
	return err == nil && hmac.Equal(given, sign(key, p.body))
}

// isStandard checks the headers of the Standard Webhooks specification, of which only version 1 is known.
func isStandard(p proof, key []byte) bool {
	id, stamp := p.header.Get("webhook-id"), p.header.Get("webhook-timestamp")
	if id == "" || len(id) > longestID || len(stamp) == 0 || len(stamp) > 12 || strings.Trim(stamp, "0123456789") != "" {
		return false
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || p.now.Sub(time.Unix(seconds, 0)).Abs() > tolerance {
		return false
	}
	wanted := sign(key, []byte(id+"."+stamp+"."), p.body)
	for i, signature := range strings.SplitN(p.header.Get("webhook-signature"), " ", mostSignatures+1) {
		encoded, found := strings.CutPrefix(signature, "v1,")
		if !found || i == mostSignatures || len(encoded) > longestProof {
			continue
		}
		if given, err := base64.StdEncoding.DecodeString(encoded); err == nil && hmac.Equal(given, wanted) {
			return true
		}
	}
	return false
}

func sign(key []byte, parts ...[]byte) []byte {
	mac := hmac.New(sha256.New, key)
	for _, part := range parts {
		mac.Write(part)
	}
	return mac.Sum(nil)
}

// equal compares the hashes of two texts, so that the time it takes tells nothing, not even the length.
func equal(given, wanted string) bool {
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(wanted))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
