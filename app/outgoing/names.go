package outgoing

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/miekg/dns"

	"zygo/app/fault"
)

const (
	lookupTime = 5 * time.Second
	// mostRecords bounds the records of one name that are looked at; a busy domain has a dozen.
	mostRecords = 100
	// systemServers is where the system names its name servers.
	systemServers = "/etc/resolv.conf"
)

// Resolver asks a name server what a name has.
type Resolver struct{ address string }

// NewResolver asks the name server at host:port, or those of the system where the address is empty. The operator chose it, so
// that it may be a private one.
func NewResolver(address string) *Resolver { return &Resolver{address} }

// TXT looks up the text records of a name, by which the owner of a domain proves it.
func (r *Resolver) TXT(ctx context.Context, name string) ([]string, error) {
	return r.Records(ctx, name, "TXT")
}

// RecordTypes are the types of records that Records looks up.
var RecordTypes = []string{"A", "AAAA", "CAA", "CNAME", "MX", "NS", "TXT"}

// Records looks up the records of one of the RecordTypes that a name has, as a zone file writes them, with neither the quotes of texts
// nor the point behind names. A name without any is an empty answer; no answer is a fault Unavailable, because it says nothing of
// what the name has.
func (r *Resolver) Records(ctx context.Context, name, kind string) ([]string, error) {
	servers, err := r.servers()
	if err != nil {
		return nil, err
	}
	if _, ok := dns.IsDomainName(name); !ok || !slices.Contains(RecordTypes, kind) {
		return nil, fault.New(fault.Invalid, "%.100q is no name that a name server knows, or %.10q no type of record.", name, kind)
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTime)
	defer cancel()
	question := new(dns.Msg).SetQuestion(dns.Fqdn(name), dns.StringToType[kind]).SetEdns0(1232, false)
	for _, server := range servers {
		var answer *dns.Msg
		if answer, err = exchange(ctx, question, server); err == nil {
			return records(answer, dns.StringToType[kind]), nil
		}
	}
	return nil, fault.New(fault.Unavailable, "The name server did not answer for %s. Try again in a while.", name).Because(err)
}

func (r *Resolver) servers() ([]string, error) {
	if r.address != "" {
		return []string{r.address}, nil
	}
	system, err := dns.ClientConfigFromFile(systemServers)
	if err != nil || len(system.Servers) == 0 {
		return nil, fault.New(fault.Unavailable, "This machine names no name server; the operator sets one with dns.resolver.").Because(err)
	}
	var servers []string
	for _, server := range system.Servers {
		servers = append(servers, net.JoinHostPort(server, system.Port))
	}
	return servers, nil
}

// exchange asks one server, again over TCP where the answer did not fit.
func exchange(ctx context.Context, question *dns.Msg, server string) (*dns.Msg, error) {
	answer, _, err := new(dns.Client).ExchangeContext(ctx, question, server)
	if err == nil && answer.Truncated {
		answer, _, err = (&dns.Client{Net: "tcp"}).ExchangeContext(ctx, question, server)
	}
	if err != nil {
		return nil, err
	}
	if answer.Rcode != dns.RcodeSuccess && answer.Rcode != dns.RcodeNameError {
		return nil, fmt.Errorf("the name server answers %s", dns.RcodeToString[answer.Rcode])
	}
	return answer, nil
}

// records are those of a type in an answer, those behind an alias too.
func records(answer *dns.Msg, kind uint16) []string {
	var found []string
	for _, record := range answer.Answer {
		if record.Header().Rrtype != kind || len(found) == mostRecords {
			continue
		}
		text := strings.TrimSuffix(strings.TrimPrefix(record.String(), record.Header().String()), ".")
		if txt, ok := record.(*dns.TXT); ok {
			text = strings.Join(txt.Txt, "")
		}
		found = append(found, text)
	}
	return found
}
