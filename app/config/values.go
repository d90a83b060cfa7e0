package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Secret is a value that never appears in a log, a listing or JSON. Reveal is the one way to the text.
type Secret string

const mask = "••••••"

// String is a mask, or empty when nothing is set.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return mask
}

// GoString keeps the text out of %#v.
func (s Secret) GoString() string { return s.String() }

// MarshalText keeps the text out of JSON and structured logs.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText stores the text.
func (s *Secret) UnmarshalText(text []byte) error {
	*s = Secret(text)
	return nil
}

// Reveal is the text itself, for the one place that hands it to the service that it belongs to.
func (s Secret) Reveal() string { return string(s) }

// Listen is a host and port to listen on; the host may be empty. The empty Listen listens nowhere.
type Listen string

// UnmarshalText accepts nothing, and host:port with an IP address, a name or nothing as the host.
func (l *Listen) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*l = ""
		return nil
	}
	host, port, err := net.SplitHostPort(string(text))
	if err != nil {
		return errors.New("is not an address and port, such as 127.0.0.1:8080 or [::1]:8080")
	}
	if number, err := strconv.ParseUint(port, 10, 16); err != nil || (number == 0 && port != "0") {
		return fmt.Errorf("has the port %q, which is not a number up to 65535", port)
	}
	if strings.ContainsAny(host, " /@") {
		return fmt.Errorf("has the host %q, which is not a name or address", host)
	}
	*l = Listen(text)
	return nil
}

// Origin is the scheme and host of an address, without a slash at the end; empty means not set.
type Origin string

// UnmarshalText accepts http and https addresses that have nothing behind the host.
func (o *Origin) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*o = ""
		return nil
	}
	address, err := url.Parse(string(text))
	if err != nil || (address.Scheme != "http" && address.Scheme != "https") || address.Hostname() == "" {
		return errors.New("is not an address with http:// or https://, such as https://zygo.example.com")
	}
	if strings.Trim(address.Path, "/") != "" || address.RawQuery != "" || address.Fragment != "" || address.User != nil {
		return fmt.Errorf("has more than scheme and host; write %s://%s", address.Scheme, address.Host)
	}
	*o = Origin(address.Scheme + "://" + strings.ToLower(address.Host))
	return nil
}

// Network is a range of addresses in CIDR form; a single address stands for itself alone.
type Network struct{ netip.Prefix }

// UnmarshalText refuses a range of every address, because each use of a Network is an exception for somebody known.
func (n *Network) UnmarshalText(text []byte) error {
	if address, err := netip.ParseAddr(string(text)); err == nil && address.Zone() == "" {
		n.Prefix = netip.PrefixFrom(address.Unmap(), address.Unmap().BitLen())
		return nil
	}
	prefix, err := netip.ParsePrefix(string(text))
	if err != nil || prefix.Addr().Is4In6() {
		return fmt.Errorf("has %q, which is not a network such as 10.0.0.0/8 or fd00::/8", text)
	}
	if prefix.Bits() == 0 {
		return fmt.Errorf("has %q, which is every address there is; name the networks that are meant", text)
	}
	if prefix != prefix.Masked() {
		return fmt.Errorf("has %q, which is an address inside a network; write %s", text, prefix.Masked())
	}
	n.Prefix = prefix
	return nil
}

// Destination is a network, or one host and port. Exactly one of Network and Host is set.
type Destination struct {
	Network Network
	Host    string
	Port    uint16
}

// UnmarshalText accepts what Network does, and host:port.
func (d *Destination) UnmarshalText(text []byte) error {
	host, port, err := net.SplitHostPort(string(text))
	if err != nil {
		*d = Destination{}
		return d.Network.UnmarshalText(text)
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil || number == 0 || host == "" || strings.ContainsAny(host, " /@*") {
		return fmt.Errorf("has %q, which is not a network or a host and port such as billing.internal:8443", text)
	}
	*d = Destination{Host: strings.ToLower(host), Port: uint16(number)}
	return nil
}

// MarshalText is the form that UnmarshalText reads.
func (d Destination) MarshalText() ([]byte, error) {
	if d.Host == "" {
		return d.Network.MarshalText()
	}
	return []byte(net.JoinHostPort(d.Host, strconv.Itoa(int(d.Port)))), nil
}

// Size is a number of bytes.
type Size int64

var sizeUnits = []struct {
	name  string
	bytes Size
}{
	{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}, {"B", 1}, {"", 1},
}

// UnmarshalText accepts a whole number with a unit from B to GiB, or of bytes.
func (s *Size) UnmarshalText(text []byte) error {
	for _, unit := range sizeUnits {
		digits, found := strings.CutSuffix(string(text), unit.name)
		if !found {
			continue
		}
		number, err := strconv.ParseUint(digits, 10, 31)
		if err != nil {
			break
		}
		*s = Size(number) * unit.bytes
		return nil
	}
	return fmt.Errorf("is %q, which is not a size such as 512KiB, 1MiB or 2GiB", text)
}

// MarshalText uses the largest binary unit that leaves a whole number.
func (s Size) MarshalText() ([]byte, error) {
	for _, unit := range sizeUnits[:3] {
		if s != 0 && s%unit.bytes == 0 {
			return fmt.Appendf(nil, "%d%s", s/unit.bytes, unit.name), nil
		}
	}
	return fmt.Appendf(nil, "%dB", int64(s)), nil
}

const day = 24 * time.Hour

// parseDuration is time.ParseDuration with a leading number of days, the unit in which operators think of sessions.
func parseDuration(text string) (time.Duration, error) {
	fail := fmt.Errorf("is %q, which is not a duration such as 30s, 15m, 12h or 14d", text)
	days, rest, found := strings.Cut(text, "d")
	if !found {
		days, rest = "", text
	}
	var total time.Duration
	if found {
		number, err := strconv.ParseUint(days, 10, 16)
		if err != nil || number > 36500 {
			return 0, fail
		}
		total = time.Duration(number) * day
	}
	if !found || rest != "" {
		duration, err := time.ParseDuration(rest)
		if err != nil || duration < 0 {
			return 0, fail
		}
		total += duration
	}
	return total, nil
}

func formatDuration(duration time.Duration) string {
	if duration >= day && duration%day == 0 {
		return fmt.Sprintf("%dd", duration/day)
	}
	text := duration.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
