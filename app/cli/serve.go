package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/spf13/cobra"

	"zygo/app/api"
	"zygo/app/config"
	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity"
	"zygo/app/resource"
)

// stopTime is how long requests and steps under way may take to end after the signal to stop.
const stopTime = 25 * time.Second

func (p *program) serve() *cobra.Command {
	return &cobra.Command{
		Use: "serve", Short: "Serve this instance until it is stopped", Args: cobra.NoArgs,
		Example: "  zygo serve\n  zygo serve --data-dir /var/lib/zygo --set server.listen=0.0.0.0:8080",
		RunE: func(c *cobra.Command, _ []string) error {
			loaded, err := p.load()
			if err != nil {
				return err
			}
			return p.run(c.Context(), loaded.Config)
		},
	}
}

func (p *program) run(ctx context.Context, settings config.Config) (err error) {
	log := newLog(settings.Log)
	listener, err := net.Listen("tcp", string(settings.Server.Listen))
	if err != nil {
		return fault.New(fault.Unavailable, "Can't listen on %s: is another program there? Choose another address with --set server.listen=HOST:PORT.", settings.Server.Listen).Because(err)
	}
	defer listener.Close()
	kernel, err := resource.Open(ctx, p.modules, resource.Options{Dir: settings.DataDir, Log: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, kernel.Close()) }()
	accounts := newAccounts(kernel, settings)
	json := api.New(kernel, accounts, log, p.version)
	server := edge.NewServer(json.Routes(), edge.Options{
		BodyLimit: int(settings.Server.BodyLimit), ConnectionsPerAddress: connectionsPerAddress(settings.Server),
		TrustedProxies: proxies(settings.Server), Log: log, Failed: json.Fail,
	})
	if err := p.announce(ctx, listener, settings, accounts); err != nil {
		return err
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve: %w", err)
	case <-kernel.Failed():
		err = fault.New(fault.Unavailable, "The database's state is unknown after a disk error. Start Zygo again; its log decides what was stored.")
	case <-ctx.Done():
		log.Info("stopping")
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	return errors.Join(err, server.Shutdown(stopping))
}

// announce prints the address, and the set-up link of an instance without accounts.
func (p *program) announce(ctx context.Context, listener net.Listener, settings config.Config, accounts *identity.Accounts) error {
	address := settings.Server.URL()
	if settings.Server.BaseURL == "" {
		// Port 0 lets the system choose, so the listener knows what the setting does not.
		chosen := settings.Server
		chosen.Listen = config.Listen(listener.Addr().String())
		address = chosen.URL()
	}
	fmt.Fprintf(p.out, "Zygo %s serves %s (data in %s). Stop it with Ctrl+C.\n", p.version, address, settings.DataDir)
	done, err := accounts.IsSetUp(ctx)
	if err != nil || done {
		return err
	}
	token, err := accounts.NewSetupToken(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.out, "Set it up within 30 minutes: %s/setup?token=%s\n", address, token)
	return err
}

func newAccounts(kernel *resource.Kernel, settings config.Config) *identity.Accounts {
	return identity.NewAccounts(kernel, identity.Settings{Idle: settings.Session.Idle, Absolute: settings.Session.Absolute})
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
