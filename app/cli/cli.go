// Package cli is the command line: one file per noun. Each command opens the instance's data itself or starts the server;
// what it does there goes through the same functions as the pages and the API, with the same audit entries.
package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"zygo/app/config"
	"zygo/app/fault"
	"zygo/app/module"
	"zygo/app/resource"
)

// The exit codes, which scripts may rely on.
const (
	exitFailure = 1 // something went wrong; the message says what
	exitUsage   = 2 // the command line or the configuration is wrong
	exitInUse   = 3 // another process uses the data directory, or there is a conflict with what is stored
	exitMissing = 4 // what the command names does not exist
	exitFound   = 9 // a check found problems
	exitPartly  = 3 // of an import: something stands for what Zygo does not have
	exitRefused = 4 // of an import: a file can't be read or is no workflow
)

// errUsage marks errors of the command line.
var errUsage = errors.New("usage")

// errFound marks a check that found problems and has printed them.
var errFound = errors.New("problems found")

// errPartly marks an import in which something stands for what Zygo does not have, and errRefused one that could not read a file. Both
// have told it.
var (
	errPartly  = errors.New("imported with placeholders")
	errRefused = errors.New("a file is refused")
)

// Binary is what a program of Zygo consists of.
type Binary struct {
	Version string
	Modules []module.Module
	// Now is the clock; nil is the system's.
	Now func() time.Time
}

// Streams are where a command reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// program is what all commands share: the binary, where they read and write, and the flags before them.
type program struct {
	Binary
	Streams
	file    string
	dataDir string
	set     []string
	json    bool
	// organization is the flag of the commands that act within one.
	organization string
}

// Main runs the command line of the process, and gives the exit code.
func (b Binary) Main(arguments []string) int {
	restrictFiles()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return b.Run(ctx, Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}, arguments)
}

// Run runs one command until it ends or the context does, and gives the exit code.
func (b Binary) Run(ctx context.Context, streams Streams, arguments []string) int {
	p := &program{Binary: b, Streams: streams}
	root := p.root()
	root.SetArgs(arguments)
	root.SetIn(p.In)
	root.SetOut(p.Out)
	root.SetErr(p.Err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	if !errors.Is(err, errFound) && !errors.Is(err, errPartly) && !errors.Is(err, errRefused) {
		fmt.Fprintln(p.Err, "zygo: "+sentence(err))
	}
	return exitCode(err)
}

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use: "zygo", Short: "A company platform in one file",
		Long: "Zygo is a company platform in one file. Start it with: zygo serve\n\n" +
			"Exit codes: 0 done, 1 failure, 2 wrong usage or configuration, 3 in use or conflict, 4 not found, 9 a check found problems.",
		SilenceUsage: true, SilenceErrors: true,
		RunE: func(c *cobra.Command, args []string) error { return c.Help() },
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return fmt.Errorf("%w: %w", errUsage, err) })
	flags := root.PersistentFlags()
	flags.StringVarP(&p.file, "config", "c", "", "configuration file (config.yaml of the working directory, where it is there)")
	flags.StringVar(&p.dataDir, "data-dir", "", "data directory (the setting data_dir)")
	flags.StringArrayVar(&p.set, "set", nil, "another setting, as key=value; may be repeated")
	flags.BoolVar(&p.json, "json", false, "print JSON")
	root.AddCommand(p.serve(), p.setup(), p.versionCommand(), p.configCommand(), p.backup(), p.user(), p.tenant(), p.workflow(),
		p.execution(), p.job(), p.apiCommand(), p.routes(), p.doctor(), p.schema())
	return root
}

// load reads the configuration that the flags name.
func (p *program) load() (config.Loaded, error) {
	flags := map[string]string{}
	for _, pair := range p.set {
		key, value, ok := strings.Cut(pair, "=")
		if !ok {
			return config.Loaded{}, fmt.Errorf("%w: --set takes key=value, not %q", errUsage, pair)
		}
		flags[key] = value
	}
	if p.dataDir != "" {
		flags["data_dir"] = p.dataDir
	}
	file := p.file
	if file == "" {
		file = config.FindFile()
	}
	loaded, err := config.Load(config.Input{File: file, Environment: os.Environ(), Flags: flags})
	if err != nil {
		return loaded, fmt.Errorf("%w: %w", errUsage, err)
	}
	for _, warning := range loaded.Warnings {
		fmt.Fprintln(p.Err, "zygo: warning: "+warning)
	}
	return loaded, nil
}

// open opens the instance's data for a command.
func (p *program) open(ctx context.Context) (*resource.Kernel, config.Config, error) {
	loaded, err := p.load()
	if err != nil {
		return nil, loaded.Config, err
	}
	kernel, err := resource.Open(ctx, module.Kernel(p.Modules), resource.Options{Dir: loaded.Config.DataDir, Log: quietLog(), Now: p.Now})
	return kernel, loaded.Config, err
}

// print writes rows as a table for people, or value as JSON.
func (p *program) print(value any, header string, rows [][]string) error {
	if p.json {
		return p.printJSON(value)
	}
	table := tabwriter.NewWriter(p.Out, 0, 4, 2, ' ', 0)
	if header != "" {
		fmt.Fprintln(table, header)
	}
	for _, row := range rows {
		fmt.Fprintln(table, strings.Join(row, "\t"))
	}
	return table.Flush()
}

func (p *program) printJSON(value any) error {
	encoder := json.NewEncoder(p.Out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

// sentence is what a person reads of an error.
func sentence(err error) string {
	if f, ok := fault.As(err); ok {
		return f.Message
	}
	return strings.TrimPrefix(err.Error(), errUsage.Error()+": ")
}

func exitCode(err error) int {
	switch {
	case errors.Is(err, errUsage):
		return exitUsage
	case errors.Is(err, errFound):
		return exitFound
	case errors.Is(err, errPartly):
		return exitPartly
	case errors.Is(err, errRefused):
		return exitRefused
	case fault.Is(err, fault.Conflict):
		return exitInUse
	case fault.Is(err, fault.NotFound):
		return exitMissing
	}
	if strings.HasPrefix(err.Error(), "unknown command") || strings.Contains(err.Error(), "arg(s)") {
		return exitUsage
	}
	return exitFailure
}
