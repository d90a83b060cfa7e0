package cli

import (
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of Zygo, Go and SQLite's driver",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			value := map[string]string{"zygo": p.Version, "go": runtime.Version(), "platform": runtime.GOOS + "/" + runtime.GOARCH}
			rows := [][]string{{"zygo", p.Version}, {"go", value["go"]}, {"platform", value["platform"]}}
			if info, ok := debug.ReadBuildInfo(); ok {
				for _, dependency := range info.Deps {
					if dependency.Path == "modernc.org/sqlite" || dependency.Path == "modernc.org/libc" {
						value[dependency.Path] = dependency.Version
						rows = append(rows, []string{dependency.Path, dependency.Version})
					}
				}
			}
			return p.print(value, "", rows)
		},
	}
}
