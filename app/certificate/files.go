package certificate

import (
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"os"
	"sync"
	"time"

	"zygo/app/fault"
)

// Files serves a certificate of the operator's own, for every host. It is read again when a file changes, because whatever
// renews it knows nothing of Zygo.
func Files(certificate, key string, log *slog.Logger) (*tls.Config, error) {
	f := &files{certificate: certificate, key: key, log: log}
	if err := f.read(f.changed()); err != nil {
		return nil, fault.New(fault.Invalid,
			"The certificate in %s and the key in %s can't be used together. Look at both files, and at who may read them.", certificate,
			key).Because(err)
	}
	return serving(f.get), nil
}

// files is a pair of files, and what was read of them last.
type files struct {
	certificate, key string
	log              *slog.Logger

	mu   sync.Mutex
	at   [2]time.Time
	pair tls.Certificate
}

// changed is when the files were written.
func (f *files) changed() (at [2]time.Time) {
	for i, path := range []string{f.certificate, f.key} {
		if info, err := os.Stat(path); err == nil {
			at[i] = info.ModTime()
		}
	}
	return at
}

func (f *files) read(at [2]time.Time) error {
	f.at = at
	pair, err := tls.LoadX509KeyPair(f.certificate, f.key)
	if err == nil {
		f.pair = pair
	}
	return err
}

// get keeps what it has where the files don't fit together: they are written one after the other.
func (f *files) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if at := f.changed(); at != f.at {
		if err := f.read(at); err != nil {
			f.log.Warn("the changed certificate can't be used", "file", f.certificate, "error", err)
		}
	}
	pair := f.pair
	return &pair, nil
}

// Roots reads the root certificates by which a directory is trusted.
func Roots(path string) (*x509.CertPool, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fault.New(fault.Invalid, "tls.ca_file %s can't be read.", path).Because(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return nil, fault.New(fault.Invalid, "tls.ca_file %s holds no certificate in PEM.", path)
	}
	return roots, nil
}
