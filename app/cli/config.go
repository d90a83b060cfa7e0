package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"zygo/app/config"
)

func (p *program) configCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "config",
		Short: "Check and show the configuration",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	command.AddCommand(
		&cobra.Command{
			Use:   "check",
			Short: "Check the configuration and say what is wrong",
			Args:  cobra.NoArgs,
			RunE: func(*cobra.Command, []string) error {
				if _, err := p.load(); err != nil {
					return err
				}
				return p.print(map[string]bool{"ok": true}, "", [][]string{{"The configuration is valid."}})
			},
		},
		&cobra.Command{
			Use:   "show",
			Short: "Show each setting, its value and where it comes from",
			Args:  cobra.NoArgs,
			RunE: func(*cobra.Command, []string) error {
				loaded, err := p.load()
				if err != nil {
					return err
				}
				var rows [][]string
				for _, s := range loaded.Settings {
					rows = append(rows, []string{s.Key, s.Value, s.Source})
				}
				return p.print(loaded.Settings, "SETTING\tVALUE\tSOURCE", rows)
			},
		},
		&cobra.Command{
			Use:   "example",
			Short: "Print a file with every setting and its default",
			Args:  cobra.NoArgs,
			RunE: func(*cobra.Command, []string) error {
				_, err := fmt.Fprint(p.Out, config.Example())
				return err
			},
		},
	)
	return command
}
