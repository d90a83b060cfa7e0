package cli

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"time"

	"zygo/app/certificate"
	"zygo/app/config"
	"zygo/app/edge"
	"zygo/app/fault"
)

// certificatesDir holds the certificates that Zygo gets, with their keys, in the data directory.
const certificatesDir = "certificates"

// tidyPause is how long a deleted domain keeps its certificate at most, while other changes come all the time.
const tidyPause = time.Second

// listen opens the ports. HTTPS takes the place of the plain server, so that nothing is served without it by accident.
func (i *Instance) listen() (err error) {
	key, at := "server.listen", i.settings.Server.Listen
	if i.settings.TLS.Listen != "" {
		key, at = "tls.listen", i.settings.TLS.Listen
	}
	if i.listener, err = listenOn(key, at); err == nil && i.settings.TLS.HTTPListen != "" {
		i.plain, err = listenOn("tls.http_listen", i.settings.TLS.HTTPListen)
	}
	return err
}

func listenOn(key string, at config.Listen) (net.Listener, error) {
	listener, err := net.Listen("tcp", string(at))
	if err != nil {
		return nil, fault.New(fault.Unavailable,
			"Can't listen on %s: does a program use it already, or is the port kept for root? Choose another address with --set %s=HOST:PORT.",
			at, key).Because(err)
	}
	return listener, nil
}

// secure is how HTTPS is served, nil where it is not.
func (i *Instance) secure(log *slog.Logger) (*tls.Config, error) {
	set := i.settings.TLS
	if set.Listen == "" {
		return nil, nil
	}
	if set.CertificateFile != "" {
		return certificate.Files(set.CertificateFile, set.KeyFile, log)
	}
	var roots *x509.CertPool
	if set.CAFile != "" {
		var err error
		if roots, err = certificate.Roots(set.CAFile); err != nil {
			return nil, err
		}
	}
	options := certificate.Options{
		Dir:       filepath.Join(i.settings.DataDir, certificatesDir),
		Directory: string(set.Directory),
		Email:     set.Email,
		Roots:     roots,
		HTTPS:     i.listener.Addr().(*net.TCPAddr),
		Log:       log,
		Allow:     i.Identity.Tenants.MayCertify,
	}
	if i.plain != nil {
		options.HTTP = i.plain.Addr().(*net.TCPAddr)
	}
	i.certificates = certificate.NewKeeper(options)
	i.runner.Go("delete certificates of domains that are gone", i.tidyCertificates)
	return i.certificates.TLS(), i.runner.Every(time.Hour, "tidy certificates", i.certificates.Tidy)
}

// tidyCertificates looks for certificates to delete when the proved domains changed.
func (i *Instance) tidyCertificates(ctx context.Context) {
	var last []string
	for ctx.Err() == nil {
		changed := i.Kernel.Changed()
		hosts, err := i.Identity.Tenants.ProvedHosts(ctx)
		if err == nil && !slices.Equal(hosts, last) {
			if err = i.certificates.Tidy(ctx); err == nil {
				last = hosts
			}
		}
		if err != nil && ctx.Err() == nil {
			i.Kernel.Log().Warn("certificates were not tidied", "error", err)
		}
		select {
		case <-changed:
		case <-ctx.Done():
		}
		select {
		case <-time.After(tidyPause):
		case <-ctx.Done():
		}
	}
}

// obtain gets the certificate of a domain that was just proved, so that its first visitor does not wait.
func (i *Instance) obtain(host string) {
	if i.certificates == nil {
		return
	}
	i.runner.Go("obtain a certificate", func(ctx context.Context) {
		if err := i.certificates.Obtain(ctx, host); err != nil && ctx.Err() == nil {
			i.Kernel.Log().Warn("a certificate was not obtained", "host", host, "error", err)
		}
	})
}

// redirect serves the plain port beside HTTPS.
func (i *Instance) redirect(log *slog.Logger) {
	if i.plain == nil {
		return
	}
	port := ""
	if at, err := url.Parse(i.URL()); err == nil {
		port = at.Port()
	}
	handler := certificate.Redirect(port)
	if i.certificates != nil {
		handler = i.certificates.Challenges(handler)
	}
	i.redirecting = certificate.NewPlain(handler, log)
	plain := edge.Limited(i.plain, connectionsPerAddress(i.settings.Server), true)
	i.runner.Go("redirect to HTTPS", func(context.Context) {
		if err := i.redirecting.Serve(plain); !errors.Is(err, http.ErrServerClosed) {
			i.served <- err
		}
	})
}
