package node

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/outgoing"
	"zygo/app/value"
)

// Monitor looks at something that should work, once per item.
type Monitor struct {
	Op       MonitorOp   `z:"default=http,literal,label=Check"`
	URL      field.Exact `z:"max=8192,label=Address,when=op:http,help=Such as https://shop.example.com/health"`
	Success  string      `z:"default=200-299,max=200,fold,literal,label=Good codes,when=op:http,help=Such as 200-299,401."`
	Contains field.Exact `z:"max=1000,label=Holds the text,when=op:http|dns,help=Which has to stand in the answer. Any answer will do when empty."`
	Host     field.Exact `z:"max=300,label=Host and port,when=op:tcp|tls,help=Such as db.example.com:5432. A certificate is on port 443 where none is named."`
	Days     int         `z:"default=14,min=0,max=3650,short,label=Days left,when=op:tls,help=A certificate that ends sooner is a breach."`
	Trusted  bool        `z:"default=true,fold,when=op:tls,label=Must be trusted,help=Off for a certificate that your own authority made."`
	Name     field.Exact `z:"max=253,when=op:dns,help=Such as example.com"`
	Record   DNSRecord   `z:"default=A,short,literal,when=op:dns"`
	Slowest  int         `z:"min=0,max=600000,short,label=Slower is a breach,when=op:http|tcp,help=In milliseconds. Any time will do when empty."`
	Tries    int         `z:"default=3,min=1,max=10,short,help=It is a breach if none of them finds all well."`
	Pause    int         `z:"default=2,min=0,max=60,short,help=In seconds, between tries."`
	Timeout  int         `z:"default=10,min=1,max=60,fold,help=In seconds, for each try."`
}

// MonitorOp is what is looked at.
type MonitorOp string

// Choices are the checks.
func (MonitorOp) Choices() []field.Choice {
	return []field.Choice{{Value: "http", Label: "A page or an API answers"}, {Value: "tcp", Label: "A port is open"},
		{Value: "tls", Label: "A certificate is good"}, {Value: "dns", Label: "A name has records"}}
}

// DNSRecord is a type of records that a name has.
type DNSRecord string

// Choices are the types.
func (DNSRecord) Choices() []field.Choice { return choices(outgoing.RecordTypes...) }

const (
	outputOK     = "ok"
	outputBreach = "breach"
)

func monitor() *Type {
	return Declare(Type{
		Name: "monitor", Version: 1, Category: "operations", Title: "Check a service", Icon: "activity", Repeat: SafeWithKey,
		Outputs: []string{outputOK, outputBreach},
		Help: "Looks whether a page answers, a port is open, a certificate is good or a name has its records. Items leave at ok or at " +
			"breach, with what was found in the field check.",
	}, runMonitor)
}

// Check refuses a check that lacks what it looks at.
func (p *Monitor) Check() error {
	if p.target() == "" {
		return fault.InvalidField(map[MonitorOp]string{"http": "url", "tcp": "host", "tls": "host", "dns": "name"}[p.Op], "is required")
	}
	return nil
}

// finding is what a try found. Reason is empty where all is well.
type finding struct {
	reason string
	about  []value.Member
}

func runMonitor(ctx context.Context, c *Call, parameters func(int) (*Monitor, error)) (Result, error) {
	return c.sort(ctx, func(i int) (finding, error) {
		p, err := parameters(i)
		if err != nil {
			return finding{}, err
		}
		return c.look(ctx, p)
	})
}

// sort looks at something for each item, and puts the item out at ok or at breach.
func (c *Call) sort(ctx context.Context, look func(item int) (finding, error)) (Result, error) {
	outputs := []Output{{Name: outputOK}, {Name: outputBreach}}
	var failed []ItemError
	for i, item := range c.Items {
		found, err := look(i)
		failure := itemError(err)
		switch {
		case err != nil && (failure == nil || ctx.Err() != nil):
			return Result{}, err
		case err != nil && !c.GoesOn:
			return Result{}, ofItem(failure, i, len(c.Items), i)
		case err != nil:
			failed = append(failed, ItemError{Index: i, Err: failure})
			continue
		}
		out := &outputs[0]
		if found.reason != "" {
			out = &outputs[1]
		}
		about := append([]value.Member{{Key: "ok", Value: value.Bool(found.reason == "")}, {Key: "reason", Value: value.String(found.reason)}},
			found.about...)
		json, err := item.JSON.Set(value.Path{value.Key("check")}, value.Object(about...))
		if err != nil {
			return Result{}, err
		}
		if err := c.put(out, value.Item{JSON: json, Files: item.Files, From: value.Origin{Index: i}}); err != nil {
			return Result{}, err
		}
	}
	return Result{Outputs: outputs, Failed: failed}, nil
}

// look tries until one try finds all well. What Zygo itself refuses to look at is an error and no breach.
func (c *Call) look(ctx context.Context, p *Monitor) (finding, error) {
	for try := 1; ; try++ {
		started := time.Now()
		found, err := c.lookOnce(ctx, p)
		took := time.Since(started).Milliseconds()
		if ctx.Err() != nil {
			return finding{}, ctx.Err()
		}
		if err != nil {
			var is bool
			if found.reason, is = unreachable(err); !is {
				return finding{}, err
			}
		}
		if found.reason == "" && p.Slowest > 0 && took > int64(p.Slowest) {
			found.reason = fmt.Sprintf("It took %d ms; %d is the most.", took, p.Slowest)
		}
		if found.reason == "" || try >= p.Tries {
			found.about = append([]value.Member{
				{Key: "target", Value: value.String(p.target())},
				{Key: "tries", Value: value.Int(int64(try))},
				{Key: "duration_ms", Value: value.Int(took)},
			}, found.about...)
			return found, nil
		}
		select {
		case <-time.After(time.Duration(p.Pause) * time.Second):
		case <-ctx.Done():
		}
	}
}

// unreachable is why something could not be looked at, as a sentence; false where that is about the node's own settings.
func unreachable(err error) (reason string, is bool) {
	var failed *Error
	if errors.As(err, &failed) {
		return failed.Message, failed.Code != "ADDRESS_REFUSED"
	}
	f, ok := fault.As(outgoing.Explain(err))
	if !ok || f.Code == fault.Forbidden || f.Details != nil {
		return "", false
	}
	return strings.ToUpper(f.Message[:1]) + strings.TrimSuffix(f.Message[1:], ".") + ".", true
}

func (c *Call) lookOnce(ctx context.Context, p *Monitor) (finding, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(p.Timeout)*time.Second)
	defer cancel()
	switch p.Op {
	case "tcp":
		conn, err := c.reach(ctx, string(p.Host))
		if err == nil {
			err = conn.Close()
		}
		return finding{}, err
	case "tls":
		return c.lookAtCertificate(ctx, p)
	case "dns":
		return c.lookUp(ctx, p)
	}
	return c.lookAtPage(ctx, p)
}

func (p *Monitor) target() string {
	switch p.Op {
	case "tcp", "tls":
		return string(p.Host)
	case "dns":
		return string(p.Name)
	}
	return string(p.URL)
}

func (c *Call) lookAtPage(ctx context.Context, p *Monitor) (finding, error) {
	isGood, err := codes("success", p.Success)
	if err != nil {
		return finding{}, err
	}
	q := &httpCall{call: c, p: &HTTP{Method: "GET", URL: p.URL, Success: "200", NeverError: true, Timeout: float64(p.Timeout), Redirects: 5}}
	r, err := q.make(ctx)
	if err != nil {
		return finding{}, err
	}
	came, body, err := q.fetch(r)
	if err != nil {
		return finding{}, err
	}
	found := finding{about: []value.Member{{Key: "status", Value: value.Int(int64(came.StatusCode))}}}
	switch {
	case !isGood(came.StatusCode):
		found.reason = fmt.Sprintf("It answered %d.", came.StatusCode)
	case !strings.Contains(string(body), string(p.Contains)):
		found.reason = fmt.Sprintf("The answer does not hold %q.", p.Contains)
	}
	return found, nil
}

// reach connects to a host and port. Nothing is sent, so any port may be looked at, within the guard's addresses.
func (c *Call) reach(ctx context.Context, host string) (net.Conn, error) {
	_, port, err := net.SplitHostPort(host)
	if err != nil {
		return nil, fault.InvalidField("host", "has no port; write it as db.example.com:5432")
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, fault.InvalidField("host", "has the port %.20q, which is none", port)
	}
	return c.Services.HTTP.Dial(ctx, host, outgoing.Protocol{Name: "checks", Port: uint16(number)})
}

// lookAtCertificate reads the certificate whatever it is worth, and then says what is wrong with it.
func (c *Call) lookAtCertificate(ctx context.Context, p *Monitor) (finding, error) {
	address := string(p.Host)
	if _, _, err := net.SplitHostPort(address); err != nil {
		address = net.JoinHostPort(address, "443")
	}
	conn, err := c.reach(ctx, address)
	if err != nil {
		return finding{}, err
	}
	defer conn.Close()
	host, _, _ := net.SplitHostPort(address)
	secured := tls.Client(conn, &tls.Config{ServerName: host, InsecureSkipVerify: true}) // verified below, where the reason is told
	if err := secured.HandshakeContext(ctx); err != nil {
		return finding{}, err
	}
	chain := secured.ConnectionState().PeerCertificates
	leaf := chain[0]
	left := int64(leaf.NotAfter.Sub(c.Now).Hours() / 24)
	found := finding{about: []value.Member{
		{Key: "days_left", Value: value.Int(left)},
		{Key: "expires_at", Value: value.String(leaf.NotAfter.UTC().Format(time.RFC3339))},
		{Key: "issuer", Value: value.String(leaf.Issuer.CommonName)},
		{Key: "names", Value: textList(leaf.DNSNames)},
	}}
	options := x509.VerifyOptions{DNSName: host, CurrentTime: c.Now, Intermediates: x509.NewCertPool()}
	for _, between := range chain[1:] {
		options.Intermediates.AddCert(between)
	}
	_, untrusted := leaf.Verify(options)
	switch {
	case c.Now.After(leaf.NotAfter):
		found.reason = fmt.Sprintf("The certificate ended %d days ago.", -left)
	case left < int64(p.Days):
		found.reason = fmt.Sprintf("The certificate ends in %d days; %d is the least.", left, p.Days)
	case p.Trusted && untrusted != nil:
		found.reason = "The certificate is not trusted: " + untrusted.Error()
	}
	return found, nil
}

// lookUp asks for the records of a name. An address that Zygo would not connect to is not told.
func (c *Call) lookUp(ctx context.Context, p *Monitor) (finding, error) {
	all, err := c.Services.Names.Records(ctx, string(p.Name), string(p.Record))
	if err != nil {
		return finding{}, err
	}
	records := slices.DeleteFunc(slices.Clone(all), func(text string) bool {
		address, err := netip.ParseAddr(text)
		return err == nil && !c.Services.HTTP.Reaches(address)
	})
	found := finding{about: []value.Member{{Key: "records", Value: textList(records)}}}
	switch {
	case len(all) == 0:
		found.reason = fmt.Sprintf("%s has no records of the type %s.", p.Name, p.Record)
	case len(records) < len(all):
		found.reason = fmt.Sprintf("%s leads to an address that Zygo does not connect to.", p.Name)
	case !slices.ContainsFunc(records, func(text string) bool { return strings.Contains(text, string(p.Contains)) }):
		found.reason = fmt.Sprintf("No record holds %q.", p.Contains)
	}
	return found, nil
}

func textList(all []string) value.Value {
	list := make([]value.Value, len(all))
	for i, text := range all {
		list[i] = value.String(text)
	}
	return value.List(list...)
}
