package node

import (
	"context"
	"crypto/sha1"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/value"
)

// Security looks for weaknesses, once per item.
type Security struct {
	Op       SecurityOp  `z:"default=headers,literal,label=Check"`
	URL      field.Exact `z:"max=8192,label=Address,when=op:headers"`
	Password field.Exact `z:"max=1000,secrets,when=op:password,help=Only the first five characters of its SHA-1 hash leave Zygo."`
	Service  field.Exact `z:"max=500,default=https://api.pwnedpasswords.com/range/,fold,literal,when=op:password,help=Answers as the range API of Have I Been Pwned does."`
	Host     field.Exact `z:"max=253,when=op:ports,help=Below a verified domain of your organization, such as shop.example.com."`
	Ports    string      `z:"max=500,default=1-1024,when=op:ports"`
	May      string      `z:"max=500,label=May be open,when=op:ports,help=Such as 80,443. Any other open port is a breach."`
	Timeout  int         `z:"default=30,min=1,max=600,fold,when=op:headers|password,help=In seconds."`
}

// SecurityOp is what is looked at.
type SecurityOp string

// Choices are the checks.
func (SecurityOp) Choices() []field.Choice {
	return []field.Choice{{Value: "headers", Label: "The headers of a page protect its visitors"},
		{Value: "password", Label: "A password is in no known leak"},
		{Value: "ports", Label: "A host of ours has no open port that it should not have"}}
}

func security() *Type {
	return Declare(Type{
		Name: "security", Version: 1, Category: "operations", Title: "Check security", Icon: "shield", Repeat: SafeWithKey,
		Outputs: []string{outputOK, outputBreach},
		Help: "Looks whether the headers of a page protect its visitors, whether a password is in a known leak, or which ports of a host of " +
			"yours are open. Items leave at ok or at breach, with what was found in the field check.",
	}, runSecurity)
}

// Check refuses a check that lacks what it looks at.
func (p *Security) Check() error {
	switch {
	case p.Op == "headers" && p.URL == "":
		return fault.InvalidField("url", "is required")
	case p.Op == "password" && p.Password == "":
		return fault.InvalidField("password", "is required")
	case p.Op == "ports":
		return p.checkPorts()
	}
	return nil
}

func runSecurity(ctx context.Context, c *Call, parameters func(int) (*Security, error)) (Result, error) {
	return c.sort(ctx, func(i int) (finding, error) {
		p, err := parameters(i)
		if err != nil {
			return finding{}, err
		}
		switch p.Op {
		case "password":
			return c.lookForPassword(ctx, p)
		case "ports":
			return c.lookAtPorts(ctx, p)
		}
		return c.lookAtHeaders(ctx, p)
	})
}

// get asks for an address, any answer of which is a success.
func (c *Call) get(ctx context.Context, p *Security, url string, headers ...Pair) (*http.Response, []byte, error) {
	q := &httpCall{call: c, p: &HTTP{
		Method:     "GET",
		URL:        field.Exact(url),
		Headers:    headers,
		Success:    "200",
		NeverError: true,
		Timeout:    float64(p.Timeout),
		Redirects:  5,
	}}
	r, err := q.make(ctx)
	if err != nil {
		return nil, nil, err
	}
	return q.fetch(r)
}

// lookAtHeaders asks for what the OWASP Secure Headers Project recommends for every page.
func (c *Call) lookAtHeaders(ctx context.Context, p *Security) (finding, error) {
	came, _, err := c.get(ctx, p, string(p.URL))
	if err != nil {
		return finding{}, err
	}
	var wrong []string
	lacks := func(name, why string) {
		if came.Header.Get(name) == "" {
			wrong = append(wrong, name+" is missing: "+why)
		}
	}
	if came.Request.URL.Scheme == "https" {
		lacks("Strict-Transport-Security", "a first visit without TLS can be turned elsewhere.")
	} else {
		wrong = append(wrong, "The page is sent without TLS.")
	}
	policy := came.Header.Get("Content-Security-Policy")
	lacks("Content-Security-Policy", "scripts of others run if they get into the page.")
	lacks("Referrer-Policy", "other sites may learn the addresses that people come from.")
	if !strings.EqualFold(came.Header.Get("X-Content-Type-Options"), "nosniff") {
		wrong = append(wrong, "X-Content-Type-Options is not nosniff: browsers may run what is no script.")
	}
	if came.Header.Get("X-Frame-Options") == "" && !strings.Contains(policy, "frame-ancestors") {
		wrong = append(wrong, "Neither X-Frame-Options nor frame-ancestors is set: other sites may show the page within theirs.")
	}
	for _, cookie := range came.Cookies() {
		if !cookie.Secure || !cookie.HttpOnly {
			wrong = append(wrong, fmt.Sprintf("The cookie %.100s lacks Secure or HttpOnly.", cookie.Name))
		}
	}
	found := finding{reason: strings.Join(wrong, " "), about: []value.Member{
		{Key: "target", Value: value.String(string(p.URL))},
		{Key: "status", Value: value.Int(int64(came.StatusCode))},
		{Key: "findings", Value: textList(wrong)},
	}}
	return found, nil
}

// lookForPassword asks how often a password was leaked by the beginning of its hash, so that nobody learns it (k-anonymity; the API of
// Pwned Passwords, version 3).
func (c *Call) lookForPassword(ctx context.Context, p *Security) (finding, error) {
	hash := fmt.Sprintf("%X", sha1.Sum([]byte(p.Password)))
	came, body, err := c.get(ctx, p, string(p.Service)+hash[:5], Pair{Name: "Add-Padding", Value: "true"})
	if err != nil {
		return finding{}, err
	}
	if came.StatusCode != http.StatusOK {
		return finding{}, &Error{
			Code:      "HTTP_STATUS",
			Message:   fmt.Sprintf("The service answered %d.", came.StatusCode),
			Retryable: came.StatusCode == http.StatusTooManyRequests || came.StatusCode >= 500,
		}
	}
	count := 0
	for line := range strings.Lines(string(body)) {
		if suffix, times, ok := strings.Cut(strings.TrimSpace(line), ":"); ok && strings.EqualFold(suffix, hash[5:]) {
			count, _ = strconv.Atoi(times)
		}
	}
	found := finding{about: []value.Member{{Key: "leaks", Value: value.Int(int64(count))}}}
	if count > 0 {
		found.reason = fmt.Sprintf("The password stands %d times in known leaks.", count)
	}
	return found, nil
}
