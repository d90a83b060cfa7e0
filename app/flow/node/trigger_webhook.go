package node

import (
	"net/http"

	"zygo/app/fault"
	"zygo/app/field"
)

// Webhook starts a workflow when its address is called.
type Webhook struct {
	Path      string        `z:"required,max=200,literal,help=Behind /hooks/ and the id of the organization. A part in braces, as in orders/{id}, takes any value and gives it as params.id."`
	Method    []HTTPMethod  `z:"default=POST,literal"`
	Auth      WebhookAuth   `z:"default=none,literal"`
	Secret    string        `z:"max=100,literal,when=auth:basic|header|bearer|jwt|hmac|standard_webhooks,help=Name of the secret that callers know: the password, the token, the header's value or the key of the signature."`
	User      string        `z:"max=200,literal,when=auth:basic"`
	Header    string        `z:"max=100,literal,when=auth:header|hmac,help=X-Hub-Signature-256 for a signature and X-Api-Key for a value, unless you name another."`
	Hash      DigestHash    `z:"default=by_prefix,literal,when=auth:hmac,help=What the signature is made with."`
	Prefix    field.Exact   `z:"max=20,literal,fold,when=auth:hmac,help=What stands before the signature: sha256= or another hash when empty; - for nothing."`
	Coding    DigestCoding  `z:"default=hex,literal,fold,label=Encoding,when=auth:hmac"`
	Signed    string        `z:"max=200,default={body},literal,fold,label=Signed text,when=auth:hmac,help={body} stands for the body as it came. Trello signs {body}{url}, Slack v0:{timestamp}:{body}."`
	Callback  string        `z:"max=2000,literal,fold,label=Callback address,when=auth:hmac,help=The address as you gave it to the service, which {url} stands for."`
	Timestamp string        `z:"max=100,literal,fold,label=Timestamp header,when=auth:hmac,help=The header with the seconds that {timestamp} stands for. A call is refused when it is more than five minutes off."`
	Written   field.Exact   `z:"max=100,literal,fold,label=Written as,when=auth:hmac,help=Where one header holds timestamp and signature. Stripe writes t={timestamp},v1={signature}."`
	Algorithm JWTAlgorithm  `z:"default=HS256,literal,when=auth:jwt,help=For RS, PS, ES and EdDSA the secret is the public key in PEM."`
	Issuer    string        `z:"max=500,literal,fold,when=auth:jwt,help=The iss that a token must have."`
	Audience  string        `z:"max=500,literal,fold,when=auth:jwt,help=The aud that a token must have."`
	Respond   WebhookAnswer `z:"default=at_once,literal"`
	Gives     WebhookGives  `z:"default=items,literal,fold,label=The answer has,when=respond:at_once|at_end,help=At once it has the execution's id, or no body."`
	Text      field.Exact   `z:"max=10000,literal,fold,label=Text of the answer,when=respond:at_once,help=Instead of the execution's id."`
	Headers   []Answered    `z:"max=20,literal,fold,label=Headers of the answer,when=respond:at_once|at_end"`
	FileField string        `z:"max=200,literal,fold,label=Field of the file,when=gives:file,help=data when empty."`
	Status    int           `z:"max=599,literal,fold,when=respond:at_once|at_end,help=The code of the answer. When empty it is 202 at once and 200 at the end."`
	Dedupe    string        `z:"max=100,literal,fold,label=Delivery header,help=A header such as X-GitHub-Delivery that names a delivery; a second one of the same name has no effect."`
	Origins   []string      `z:"max=20,default=*,literal,fold,label=Allowed origins,help=Pages whose scripts may call, such as https://shop.example; * for every page and - for none."`
	Addresses []string      `z:"max=100,literal,fold,label=Allowed addresses,help=Networks that may call, such as 203.0.113.7 or 10.1.0.0/16; every one when empty."`
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
		{Value: "header", Label: "Secret in a header"}, {Value: "bearer", Label: "Bearer token"}, {Value: "jwt", Label: "JSON Web Token"},
		{Value: "hmac", Label: "Signature of the body"}, {Value: "standard_webhooks", Label: "Standard Webhooks signature"}}
}

// DigestHash is what a signature is made with.
type DigestHash string

// Choices are the hashes. Older services still sign with SHA-1, which is weak for other uses and holds as an HMAC.
func (DigestHash) Choices() []field.Choice {
	return []field.Choice{
		{Value: "by_prefix", Label: "As its prefix says, SHA-256 when it says nothing"},
		{Value: "sha256", Label: "SHA-256"},
		{Value: "sha1", Label: "SHA-1"},
		{Value: "sha512", Label: "SHA-512"},
	}
}

// JWTAlgorithm is how a JSON Web Token is signed.
type JWTAlgorithm string

// Choices are the algorithms. A token names one itself, and no other than the chosen one is taken.
func (JWTAlgorithm) Choices() []field.Choice {
	return choices("HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
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

// WebhookGives is what an answer at the end has.
type WebhookGives string

// What an answer may have.
const (
	GivesItems WebhookGives = "items"
	GivesFirst WebhookGives = "first"
	GivesFile  WebhookGives = "file"
)

// Choices are the parts.
func (WebhookGives) Choices() []field.Choice {
	return []field.Choice{{Value: string(GivesItems), Label: "All items of the last node"},
		{Value: string(GivesFirst), Label: "Its first item"},
		{Value: string(GivesFile), Label: "A file of its first item"}, {Value: "none", Label: "No body"}}
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

// Check says what tags can't.
func (w *Webhook) Check() error {
	switch {
	case len(w.Method) == 0:
		return fault.InvalidField("method", "is required")
	case w.Auth != "none" && w.Secret == "":
		return fault.InvalidField("secret", "is required, or everybody could call")
	case w.Auth == "basic" && w.User == "":
		return fault.InvalidField("user", "is required")
	case w.Status != 0 && w.Status < 200, w.Status >= 300 && w.Status < 400:
		return fault.InvalidField("status", "must lie between 200 and 299, or between 400 and 599")
	}
	if err := checkPath(w.Path); err != nil {
		return err
	}
	if err := w.SetHeaders(http.Header{}); err != nil {
		return err
	}
	if err := w.checkSigned(); err != nil {
		return err
	}
	return w.checkCallers()
}

// SetHeaders sets those that its answers have, where no node answers.
func (w *Webhook) SetHeaders(set http.Header) error {
	named := Respond{Headers: w.Headers, Status: max(w.Status, http.StatusOK)}
	return named.setHeaders(set)
}

// refer tells which secret is used.
func (w *Webhook) refer(c *compiler) {
	if w.Auth != "none" {
		c.mention(nil, []string{w.Secret})
	}
}
