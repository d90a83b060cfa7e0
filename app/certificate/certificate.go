// Package certificate keeps the certificates by which Zygo serves HTTPS itself. It gets them from an ACME directory when a
// host is first asked for or Obtain is called, renews them while they are used, and keeps them as files. Which hosts may have
// one is said by anyone who makes the Keeper; any other host gets no certificate, and nobody is asked for one. It imports nothing
// of Zygo but fault.
//
// Start with NewKeeper; Files is the other way, a certificate of the operator's own.
package certificate

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"os"
	"path"
	"slices"
	"sync"
	"time"

	"github.com/caddyserver/certmagic"
	"github.com/mholt/acmez/v3"
	"go.uber.org/zap"
	"golang.org/x/time/rate"

	"zygo/app/fault"
)

const (
	// handshakeTime is how long a visitor waits for the first certificate of a host.
	handshakeTime = 30 * time.Second
	// obtainTime bounds an attempt that no visitor waits for.
	obtainTime = 3 * time.Minute
	// pause is how long a host waits after a failure before a visitor causes another order. Let's Encrypt takes five
	// failures of a host within an hour.
	pause = 15 * time.Minute
	// ordersPerHour keeps all hosts together below the 300 orders that Let's Encrypt takes of an account within three hours.
	ordersPerHour = 100
	// decidedAtOnce and obtainedAtOnce bound what hosts that somebody makes up, or proves by the hundred, keep busy.
	decidedAtOnce  = 2
	obtainedAtOnce = 4
	// inMemory bounds the certificates that are held in memory; the others are read from their files.
	inMemory = 1000
)

// Options are what a Keeper is made of.
type Options struct {
	// Dir holds the certificates, their keys and the account at the directory.
	Dir string
	// Directory is the address of the ACME directory, Email where it reaches the operator, which may be empty.
	Directory, Email string
	// Roots are trusted when the directory is called; nil is those of the system.
	Roots *x509.CertPool
	// HTTPS is where TLS is served, HTTP where Challenges answers; nil where there is no such port.
	HTTPS, HTTP *net.TCPAddr
	Log         *slog.Logger
	// Allow refuses a host that may have no certificate: with the fault NotFound one that is none of this instance, whose
	// certificate Tidy deletes, and with any other one that has to do with what it has.
	Allow func(ctx context.Context, host string) error
}

// Keeper has a certificate for each host that may have one. It runs until Close.
type Keeper struct {
	options   Options
	storage   *certmagic.FileStorage
	cache     *certmagic.Cache
	config    *certmagic.Config
	issuer    *certmagic.ACMEIssuer
	log       *zap.Logger
	ctx       context.Context
	cancel    context.CancelFunc
	orders    *rate.Limiter
	deciding  chan struct{}
	obtaining chan struct{}

	mu sync.Mutex
	// attempts are the hosts whose last attempt is under way or failed.
	attempts map[string]attempt
}

type attempt struct {
	running bool
	problem Problem
}

// NewKeeper makes a keeper.
func NewKeeper(o Options) *Keeper {
	k := &Keeper{
		options:   o,
		storage:   &certmagic.FileStorage{Path: o.Dir},
		log:       bridge(o.Log),
		orders:    rate.NewLimiter(rate.Every(time.Hour/ordersPerHour), ordersPerHour),
		deciding:  make(chan struct{}, decidedAtOnce),
		obtaining: make(chan struct{}, obtainedAtOnce),
		attempts:  map[string]attempt{},
	}
	k.ctx, k.cancel = context.WithCancel(context.Background())
	k.cache = certmagic.NewCache(certmagic.CacheOptions{Capacity: inMemory, Logger: k.log,
		GetConfigForCert: func(certmagic.Certificate) (*certmagic.Config, error) { return k.config, nil }})
	k.config = certmagic.New(k.cache, certmagic.Config{
		Storage:        k.storage,
		Logger:         k.log,
		OnDemand:       &certmagic.OnDemandConfig{DecisionFunc: k.decide},
		OnEvent:        k.event,
		ShouldEmitFunc: func(event string) bool { return event != "tls_get_certificate" },
	})
	k.issuer = certmagic.NewACMEIssuer(k.config, certmagic.ACMEIssuer{
		CA:           o.Directory,
		Email:        o.Email,
		Agreed:       true,
		TrustedRoots: o.Roots,
		Logger:       k.log,
		// Challenges are held in memory, because no other process answers them.
		DisableDistributedSolvers: true,
		DisableHTTPChallenge:      o.HTTP == nil,
		DisableTLSALPNChallenge:   o.HTTPS == nil,
	})
	// The library opens a port by itself where it finds none open. So it has to know those that are.
	if o.HTTPS != nil {
		k.issuer.ListenHost, k.issuer.AltTLSALPNPort = host(o.HTTPS), o.HTTPS.Port
	}
	if o.HTTP != nil {
		k.issuer.AltHTTPPort = o.HTTP.Port
	}
	k.config.Issuers = []certmagic.Issuer{k.issuer}
	return k
}

// host is the address that is listened on, empty for every one.
func host(a *net.TCPAddr) string {
	if a.IP.IsUnspecified() {
		return ""
	}
	return a.IP.String()
}

// Close ends what is under way.
func (k *Keeper) Close() {
	k.cancel()
	k.cache.Stop()
	certmagic.CleanUpOwnLocks(context.Background(), k.log)
}

// TLS is the configuration of a listener that serves the hosts.
func (k *Keeper) TLS() *tls.Config {
	return serving(k.certificate, acmez.ACMETLS1Protocol)
}

// serving offers HTTP/1.1 and never HTTP/2, which the server does not speak.
func serving(get func(*tls.ClientHelloInfo) (*tls.Certificate, error), protocols ...string) *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: get, NextProtos: append([]string{"http/1.1"}, protocols...)}
}

func (k *Keeper) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if hello.ServerName == "" {
		return nil, errors.New("the client names no host")
	}
	ctx, cancel := stoppable(k.ctx, handshakeTime)
	defer cancel()
	return k.config.GetCertificateWithContext(ctx, hello)
}

// stop is the key of what ends a context.
type stop struct{}

// stoppable is a context that a failure ends, because the library would try again within it, while a visitor waits.
func stoppable(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	return context.WithValue(ctx, stop{}, cancel), cancel
}

// decide asks whether a host may have a certificate, a few at a time: anybody can make hosts up.
func (k *Keeper) decide(ctx context.Context, host string) error {
	select {
	case k.deciding <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-k.deciding }()
	return k.options.Allow(ctx, host)
}

// asked is the key of an attempt that somebody asked for, who has changed something since the last one.
type asked struct{}

// Obtain gets the certificate of a host unless it is there, also after a failure. It returns when the attempt is over.
func (k *Keeper) Obtain(ctx context.Context, host string) error {
	select {
	case k.obtaining <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-k.obtaining }()
	if err := k.decide(ctx, host); err != nil {
		return err
	}
	ctx, cancel := stoppable(context.WithValue(ctx, asked{}, true), obtainTime)
	defer cancel()
	if err := k.config.ObtainCertAsync(ctx, host); err != nil {
		if last := k.attemptOf(host).problem; last.Said != "" {
			return fault.New(fault.Unavailable, "%s %s", last.Said, last.Remedy).Because(err)
		}
		return err
	}
	_, err := k.config.CacheManagedCertificate(ctx, host)
	return err
}

// event follows the library. Its error ends the attempt.
func (k *Keeper) event(ctx context.Context, event string, data map[string]any) error {
	host, _ := data["identifier"].(string)
	switch event {
	case "cert_obtaining":
		if err := k.begin(ctx, host); err != nil {
			return certmagic.ErrNoRetry{Err: err}
		}
	case "cert_failed":
		err, _ := data["error"].(error)
		k.note(host, attempt{problem: problemOf(err, time.Now())})
		if end, ok := ctx.Value(stop{}).(context.CancelFunc); ok {
			end()
		}
	case "cert_obtained":
		k.note(host, attempt{})
	}
	return nil
}

// begin refuses an order that would be in vain or too many. It asks again whether the host may have a certificate, because
// a renewal comes here without the question.
func (k *Keeper) begin(ctx context.Context, host string) error {
	if err := k.decide(ctx, host); err != nil {
		return err
	}
	last := k.attemptOf(host).problem
	if wait := pause - time.Since(last.At); ctx.Value(asked{}) == nil && last.Said != "" && wait > 0 {
		return fault.New(fault.RateLimited, "The last attempt for %s failed. The next one is in %s.", host, wait.Round(time.Second))
	}
	if !k.orders.Allow() {
		return fault.New(fault.RateLimited, "This instance ordered %d certificates within an hour. The next one waits.", ordersPerHour)
	}
	k.note(host, attempt{running: true})
	return nil
}

func (k *Keeper) attemptOf(host string) attempt {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.attempts[host]
}

func (k *Keeper) note(host string, a attempt) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.attempts[host] = a; a == (attempt{}) {
		delete(k.attempts, host)
	}
}

// Tidy deletes the certificates and keys of hosts that are none of this instance any more.
func (k *Keeper) Tidy(ctx context.Context) error {
	issuers, err := k.storage.List(ctx, certmagic.StorageKeys.CertsPrefix(""), false)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	for _, issuer := range issuers {
		folders, listed := k.storage.List(ctx, issuer, false)
		err = errors.Join(err, listed)
		for _, folder := range folders {
			if host := path.Base(folder); fault.Is(k.options.Allow(ctx, host), fault.NotFound) {
				k.cache.RemoveManaged([]certmagic.SubjectIssuer{{Subject: host}})
				err = errors.Join(err, k.storage.Delete(ctx, folder))
			}
		}
	}
	k.mu.Lock()
	tried := slices.Collect(maps.Keys(k.attempts))
	k.mu.Unlock()
	for _, host := range tried {
		if fault.Is(k.options.Allow(ctx, host), fault.NotFound) {
			k.note(host, attempt{})
		}
	}
	return err
}

// Challenges answers the directory where it asks over HTTP, and leaves everything else to another handler.
func (k *Keeper) Challenges(others http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if certmagic.LooksLikeHTTPChallenge(r) {
			challenge, open := certmagic.GetACMEChallenge(r.Host)
			if open && certmagic.SolveHTTPChallenge(k.log, w, r, challenge.Challenge) {
				return
			}
		}
		others.ServeHTTP(w, r)
	})
}
