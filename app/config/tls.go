package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// TLS is HTTPS by Zygo itself, without a proxy before it: with certificates from an ACME directory, or with one of the
// operator's own.
type TLS struct {
	Listen          Listen  `key:"listen" help:"Address and port to serve HTTPS on in place of server.listen, such as :443; empty leaves HTTPS to a proxy."`
	HTTPListen      Listen  `key:"http_listen" help:"Address and port that answers the directory's challenges and leads everybody else to HTTPS, such as :80; empty is none."`
	Directory       Address `key:"directory" default:"https://acme-v02.api.letsencrypt.org/directory" help:"ACME directory that the certificates come from; its terms are agreed to by using it."`
	Email           string  `key:"email" help:"Address at which the directory reaches the operator; may be empty."`
	CAFile          string  `key:"ca_file" help:"Root certificates in PEM by which the directory itself is trusted, for one of your own; empty trusts those of the system."`
	CertificateFile string  `key:"certificate_file" help:"Certificate of your own with its chain in PEM, for every host and in place of the directory; read again when it changes."`
	KeyFile         string  `key:"key_file" help:"Private key of certificate_file in PEM."`
}

// check finds what does not fit together. It answers the key to blame.
func (t TLS) check(base Origin) (key string, err error) {
	given := []struct{ key, value string }{
		{"tls.http_listen", string(t.HTTPListen)}, {"tls.email", t.Email}, {"tls.ca_file", t.CAFile}, {"tls.certificate_file",
			t.CertificateFile}, {"tls.key_file", t.KeyFile},
	}
	for _, one := range given {
		if t.Listen == "" && one.value != "" {
			return one.key, errors.New("is set but tls.listen is empty; name where to serve HTTPS, such as :443")
		}
	}
	if t.Listen == "" {
		return "", nil
	}
	at, err := url.Parse(string(base))
	if err != nil || at.Scheme != "https" {
		return "tls.listen", errors.New("is set, so server.base_url has to be the https:// address that people type")
	}
	switch {
	case t.Listen == t.HTTPListen:
		return "tls.http_listen", errors.New("is the same as tls.listen; HTTP needs a port of its own, such as :80")
	case t.CertificateFile == "" && t.KeyFile != "":
		return "tls.key_file", errors.New("is set but tls.certificate_file is empty")
	case t.CertificateFile != "" && t.KeyFile == "":
		return "tls.certificate_file", errors.New("is set but tls.key_file is empty")
	case t.CertificateFile != "" && t.CAFile != "":
		return "tls.ca_file", errors.New("is about a directory, in whose place tls.certificate_file stands; leave one out")
	case t.CertificateFile != "" && t.Email != "":
		return "tls.email", errors.New("is about a directory, in whose place tls.certificate_file stands; leave one out")
	case t.CertificateFile == "" && net.ParseIP(at.Hostname()) != nil:
		return "tls.listen", fmt.Errorf("needs a host name in server.base_url for its certificate, and %s is a number", at.Hostname())
	case t.CertificateFile == "" && t.Directory == "":
		return "tls.directory", errors.New("is empty; leave it out for Let's Encrypt")
	case t.Email != "" && (!strings.Contains(t.Email, "@") || strings.ContainsAny(t.Email, " <>:,")):
		return "tls.email", errors.New("is no plain address such as operator@example.com")
	}
	return "", nil
}
