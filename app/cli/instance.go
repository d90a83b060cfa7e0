package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"slices"
	"time"

	"zygo/app/access"
	"zygo/app/api"
	"zygo/app/certificate"
	"zygo/app/config"
	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/flow"
	"zygo/app/flow/node"
	"zygo/app/flow/sandbox"
	"zygo/app/identity"
	"zygo/app/identity/accounts"
	"zygo/app/identity/provider"
	"zygo/app/module"
	"zygo/app/operation"
	"zygo/app/outbox"
	"zygo/app/outgoing"
	"zygo/app/platform"
	"zygo/app/resource"
	"zygo/jobs"
	"zygo/ui"
	"zygo/ui/web"
)

// Instance is one serving Zygo: its data, what runs beside requests, and its edges.
type Instance struct {
	Kernel   *resource.Kernel
	Identity *identity.Services
	Outbox   *outbox.Outbox
	binary   Binary
	settings config.Config
	listener net.Listener
	// plain is the port beside HTTPS, nil if there is none, and redirecting what serves it.
	plain       net.Listener
	redirecting *http.Server
	// certificates is nil where Zygo gets none by itself.
	certificates *certificate.Keeper
	runner       *jobs.Runner
	engine       *flow.Engine
	uploads      *platform.Uploads
	services     *node.Services
	server       *edge.Server
	served       chan error
}

// NewInstance opens the data and serves. Close ends it.
func (b Binary) NewInstance(ctx context.Context, settings config.Config, log *slog.Logger) (*Instance, error) {
	i := &Instance{binary: b, settings: settings, served: make(chan error, 2)}
	err := i.listen()
	if err == nil {
		err = i.open(ctx, log)
	}
	if err == nil {
		err = i.engine.Start()
	}
	if err == nil {
		err = i.serve(ctx, log)
	}
	if err != nil {
		return nil, errors.Join(err, i.Close())
	}
	return i, nil
}

// newIdleInstance opens the data with all that works on it and starts nothing, for commands that do a job.
func (b Binary) newIdleInstance(ctx context.Context, settings config.Config, log *slog.Logger) (*Instance, error) {
	i := &Instance{binary: b, settings: settings}
	if err := i.open(ctx, log); err != nil {
		return nil, errors.Join(err, i.Close())
	}
	return i, nil
}

// newQuietInstance runs the engine and serves nobody, for commands that execute something.
func (b Binary) newQuietInstance(ctx context.Context, settings config.Config, log *slog.Logger) (*Instance, error) {
	i, err := b.newIdleInstance(ctx, settings, log)
	if err == nil {
		if err = i.engine.Start(); err != nil {
			return nil, errors.Join(err, i.Close())
		}
	}
	return i, err
}

func (i *Instance) open(ctx context.Context, log *slog.Logger) (err error) {
	i.Kernel, err = resource.Open(ctx, module.Kernel(i.binary.Modules), resource.Options{
		Dir: i.settings.DataDir,
		Log: log,
		Now: i.binary.Now,
	})
	if err != nil {
		return err
	}
	if i.runner, err = jobs.NewRunner(log); err != nil {
		return err
	}
	if i.services, err = newServices(i.settings); err != nil {
		return err
	}
	i.services.Sandbox.Log = log
	texter, err := newTexter(i.services.HTTP, i.settings.SMS)
	if err != nil {
		return err
	}
	i.Outbox = outbox.New(i.Kernel, i.services.Mail, texter)
	engine := i.settings.Engine
	i.engine = flow.NewEngine(i.Kernel, i.runner, i.services, flow.Options{
		Workers:   engine.Workers,
		HookCalls: engine.HookCalls,
		Retention: flow.Retention{
			Days:       engine.KeepDays,
			FailedDays: engine.KeepFailedDays,
			Most:       engine.KeepMost,
			MostBytes:  int64(engine.KeepSize),
		},
		Reserve: int64(i.settings.Server.DiskReserve),
		URL:     i.URL(),
		Outbox:  i.Outbox,
	})
	offered, err := providers(i.settings.OAuth, i.services.HTTP)
	if err != nil {
		return err
	}
	i.Identity = identityWith(i.Kernel, i.Outbox, i.settings, i.URL(), offered, i.obtain)
	i.uploads = platform.NewUploads(i.Kernel, int64(i.settings.Server.UploadLimit), int64(i.settings.Server.DiskReserve))
	i.Kernel.Queue().Add(
		slices.Concat(module.Jobs(i.binary.Modules, i.Kernel), i.Outbox.Jobs(), i.engine.Jobs(), i.uploads.Jobs(i.Kernel),
			i.Identity.Jobs(func(ctx context.Context, tenant string) (int64, error) {
				if err := i.engine.EraseTenant(ctx, tenant); err != nil {
					return 0, err
				}
				return i.uploads.EraseTenant(ctx, i.Kernel, tenant)
			}))...)
	return nil
}

func (i *Instance) serve(ctx context.Context, log *slog.Logger) error {
	secure, err := i.secure(log)
	if err != nil {
		return err
	}
	if err := i.Kernel.Queue().Start(ctx, i.runner); err != nil {
		return err
	}
	if err := i.runner.Every(time.Minute, "store the use of API keys", i.Identity.Keys.Store); err != nil {
		return err
	}
	declared := operations(i.binary.Modules, i.Identity, i.engine, i.Outbox, i.uploads)
	json := api.New(i.Kernel, i.Identity, i.engine, api.Options{
		Log:               log,
		Version:           i.binary.Version,
		Uploads:           i.uploads,
		RequestsPerMinute: i.settings.Server.RequestsPerMinute,
		Operations:        declared,
	})
	site, err := ui.New(i.Kernel, web.Options{
		Identity:     i.Identity,
		Engine:       i.engine,
		Log:          log,
		URL:          i.URL(),
		Operations:   declared,
		Home:         module.Home(i.binary.Modules),
		Uploads:      i.uploads,
		Outbox:       i.Outbox,
		Certificates: i.certificates,
	}, json.Document)
	if err != nil {
		return err
	}
	failed := func(r *edge.Request, err error) *edge.Response {
		if api.IsAPI(r.Path) {
			return json.Fail(r, err)
		}
		return site.Fail(r, err)
	}
	i.server = edge.NewServer(append(json.Routes(), site.Routes()...), edge.Options{
		BodyLimit:             int(i.settings.Server.BodyLimit),
		UploadLimit:           int64(i.settings.Server.UploadLimit),
		ConnectionsPerAddress: connectionsPerAddress(i.settings.Server),
		TrustedProxies:        proxies(i.settings.Server),
		Log:                   log,
		Failed:                failed,
	})
	i.runner.Go("serve", func(context.Context) { i.served <- i.server.Serve(i.listener, secure) })
	i.redirect(log)
	return nil
}

// operations are those of the modules and of the parts of an instance. The list itself needs none of the parts.
func operations(modules []module.Module, services *identity.Services, engine *flow.Engine, mails *outbox.Outbox,
	uploads *platform.Uploads) []operation.Operation {
	return slices.Concat(services.Operations(), mails.Operations(), uploads.Operations(), module.Operations(modules), engine.Operations())
}

// URL is the address that links carry. Where port 0 let the system choose, the listener knows what the setting does not.
func (i *Instance) URL() string {
	server := i.settings.Server
	if i.listener == nil {
		return server.URL()
	}
	server.Listen = config.Listen(i.listener.Addr().String())
	return server.URL()
}

// Wait returns when the context ends, or with an error when the instance can't go on.
func (i *Instance) Wait(ctx context.Context) error {
	select {
	case err := <-i.served:
		return fmt.Errorf("serve: %w", err)
	case <-i.Kernel.Failed():
		return fault.New(fault.Unavailable,
			"The database's state is unknown after a disk error. Start Zygo again; its log decides what was stored.")
	case <-ctx.Done():
		return nil
	}
}

// stopTime is how long requests and steps under way may take to end after the signal to stop, and cutTime how long they
// have once they are cut off.
const (
	stopTime = 20 * time.Second
	cutTime  = 5 * time.Second
)

// Close lets requests and steps under way end, and closes the data.
func (i *Instance) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTime+cutTime)
	defer cancel()
	var err error
	if i.engine != nil {
		// Requests wait for executions, so these are cut while the server still waits for those.
		cut := time.AfterFunc(stopTime, i.engine.Cut)
		defer cut.Stop()
	}
	if i.redirecting != nil {
		err = i.redirecting.Shutdown(ctx)
	}
	if i.certificates != nil {
		i.certificates.Close() // handshakes that wait for a certificate would hold the server up
	}
	if i.server != nil {
		err = errors.Join(err, i.server.Shutdown(ctx))
	}
	for _, listener := range []net.Listener{i.listener, i.plain} {
		if listener == nil {
			continue
		}
		// A server that has not begun to accept knows nothing of the listener, and would begin later.
		if closed := listener.Close(); closed != nil && !errors.Is(closed, net.ErrClosed) {
			err = errors.Join(err, closed)
		}
	}
	if i.engine != nil {
		i.engine.Stop()
	}
	if i.runner != nil {
		err = errors.Join(err, i.runner.Stop(ctx))
	}
	if i.services != nil {
		i.services.Sandbox.Close()
		i.services.HTTP.Close()
	}
	if i.Kernel != nil {
		err = errors.Join(err, i.Kernel.Close())
	}
	return err
}

// newServices makes what nodes reach the world through.
func newServices(settings config.Config) (*node.Services, error) {
	var allow []string
	for _, d := range settings.Outgoing.Allow {
		text, err := d.MarshalText()
		if err != nil {
			return nil, err
		}
		allow = append(allow, string(text))
	}
	guard, err := outgoing.NewGuard(allow)
	if err != nil {
		return nil, err
	}
	services := &node.Services{HTTP: guard, Names: outgoing.NewResolver(settings.DNS.Resolver)}
	if services.Mail, err = newMailer(settings.Mail); err != nil {
		return nil, err
	}
	workers := settings.Engine.SandboxWorkers
	if workers == 0 {
		workers = runtime.NumCPU()
	}
	services.Sandbox = sandbox.NewPool(workers)
	return services, nil
}

// newIdentity serves the accounts for a command, none of which sends mail or asks a provider.
func newIdentity(kernel *resource.Kernel, settings config.Config) *identity.Services {
	return identityWith(kernel, outbox.New(kernel, nil, nil), settings, settings.Server.URL(), nil, nil)
}

func identityWith(kernel *resource.Kernel, mails *outbox.Outbox, settings config.Config, url string, offered []provider.Named,
	proved func(host string)) *identity.Services {
	return identity.New(kernel, mails, identity.Settings{
		Idle:                settings.Session.Idle,
		Absolute:            settings.Session.Absolute,
		URL:                 url,
		SignUp:              settings.Accounts.SignUp,
		Domains:             settings.Accounts.Domains,
		CreateOrganizations: settings.Accounts.CreateOrganizations,
		Providers:           offered,
		Belongings: []accounts.Belongings{
			{Name: "views", Read: platform.PersonalViews, Erase: platform.EraseViews},
		},
		MayAdmit:  access.MayAdmit,
		LookupTXT: outgoing.NewResolver(settings.DNS.Resolver).TXT,
		Proved:    proved,
	})
}

// newMailer is nil where the instance sends no mail.
func newMailer(m config.Mail) (*outgoing.Mailer, error) {
	if m.Host == "" {
		return nil, nil
	}
	return outgoing.NewMailer(outgoing.MailSettings{
		Host:       m.Host,
		Port:       m.Port,
		Username:   m.Username,
		Password:   m.Password.Reveal(),
		Encryption: m.Encryption,
		From:       m.From,
	})
}

// newTexter is nil where the instance sends no text messages.
func newTexter(guard *outgoing.Guard, s config.SMS) (*outgoing.Texter, error) {
	if s.AccountSID == "" {
		return nil, nil
	}
	return guard.NewTexter(outgoing.TextSettings{
		AccountSID:       s.AccountSID,
		AuthToken:        s.AuthToken.Reveal(),
		From:             s.From,
		MessagingService: s.MessagingService,
		URL:              string(s.BaseURL),
	})
}

// connectionsPerAddress is no bound behind a proxy, where all clients share the proxy's address.
func connectionsPerAddress(s config.Server) int {
	if len(s.TrustedProxies) > 0 {
		return 0
	}
	return s.ConnectionsPerAddress
}

func proxies(s config.Server) []netip.Prefix {
	var all []netip.Prefix
	for _, n := range s.TrustedProxies {
		all = append(all, n.Prefix)
	}
	return all
}
