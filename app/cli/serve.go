package cli

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func (p *program) serve() *cobra.Command {
	return &cobra.Command{
		Use: "serve", Short: "Serve this instance until it is stopped", Args: cobra.NoArgs,
		Example: "  zygo serve\n  zygo serve --data-dir /var/lib/zygo --set server.listen=0.0.0.0:8080",
		RunE: func(c *cobra.Command, _ []string) error {
			err := p.serveUntil(c.Context())
			if errors.Is(err, context.Canceled) && c.Context().Err() != nil {
				return nil // the signal to stop came while the instance started
			}
			return err
		},
	}
}

func (p *program) serveUntil(ctx context.Context) error {
	loaded, err := p.load()
	if err != nil {
		return err
	}
	log := newLog(loaded.Config.Log, p.Err)
	instance, err := p.NewInstance(ctx, loaded.Config, log)
	if err != nil {
		return err
	}
	if err := p.announce(ctx, instance); err != nil {
		return errors.Join(err, instance.Close())
	}
	// What only the start needed goes back to the system. An idle instance would hold it until its next collection.
	debug.FreeOSMemory()
	err = instance.Wait(ctx)
	log.Info("stopping")
	return errors.Join(err, instance.Close())
}

// announce prints the address, and the set-up link of an instance without accounts.
func (p *program) announce(ctx context.Context, i *Instance) error {
	_, err := fmt.Fprintf(p.Out, "Zygo %s serves %s (data in %s). Stop it with Ctrl+C.\n", p.Version, i.URL(), i.settings.DataDir)
	if err != nil {
		return err
	}
	done, err := i.Identity.SignIn.IsSetUp(ctx)
	if err != nil || done {
		return err
	}
	token, err := i.Identity.SignIn.NewSetupToken(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.Out, "Set it up within 30 minutes: %s/setup?token=%s\n", i.URL(), token)
	return err
}
