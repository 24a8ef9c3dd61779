//go:build unix

package pgdev

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// viaAPT has apt download the distribution's server and the packages that it needs beyond
// the installed ones. apt checks them by their signatures. viaAPT unpacks them into a
// private directory: nothing is installed, and root is not needed. The lists of packages
// are the machine's. If they are out of date, fresh ones are downloaded and thrown away
// afterwards.
func viaAPT(ctx context.Context, _ pin, into string) error {
	for _, program := range []string{"apt-get", "dpkg-deb"} {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("there is no %s", program)
		}
	}
	tmp, err := os.MkdirTemp("", "supporty-apt-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(tmp) }()
	apt, err := newAPT(tmp)
	if err != nil {
		return err
	}
	if apt.fetch(ctx) != nil {
		if err := apt.update(ctx); err != nil {
			return err
		}
		if err := apt.fetch(ctx); err != nil {
			return err
		}
	}
	return apt.unpack(ctx, into)
}

// apt is apt-get with directories of its own.
type apt struct {
	archives string
	options  []string
	lists    string
}

func newAPT(dir string) (*apt, error) {
	a := &apt{
		archives: filepath.Join(dir, "archives"),
		lists:    filepath.Join(dir, "lists"),
		options: []string{
			"--option=Debug::NoLocking=1", // nothing shared is written, so no lock is needed
			"--option=Dir::Cache=" + dir,
			"--option=Dir::Cache::archives=archives",
			"--option=APT::Sandbox::User=", // its user could not write here
		},
	}
	return a, errors.Join(os.MkdirAll(filepath.Join(a.archives, "partial"), 0o700), os.MkdirAll(filepath.Join(a.lists, "partial"), 0o700))
}

func (a *apt) fetch(ctx context.Context) error {
	return a.run(ctx, "--yes", "--download-only", "--no-install-recommends", "install", "postgresql")
}

func (a *apt) update(ctx context.Context) error {
	a.options = append(a.options, "--option=Dir::State::lists="+a.lists)
	return a.run(ctx, "update")
}

func (a *apt) run(ctx context.Context, args ...string) error {
	cmd := exec.CommandContext(ctx, "apt-get", append(a.options, args...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("apt-get %s: %w: %s", args[len(args)-1], err, lastLines(out))
	}
	return nil
}

func (a *apt) unpack(ctx context.Context, into string) error {
	for _, deb := range globs([]string{filepath.Join(a.archives, "*.deb")}) {
		if out, err := exec.CommandContext(ctx, "dpkg-deb", "--extract", deb, into).CombinedOutput(); err != nil {
			return fmt.Errorf("dpkg-deb --extract %s: %w: %s", filepath.Base(deb), err, lastLines(out))
		}
	}
	return nil
}

// privateLibs are the directories of the libraries of unpacked programs, such as
// …/usr/lib/x86_64-linux-gnu for the programs in …/usr/lib/postgresql/15/bin. It is empty
// for other layouts.
func privateLibs(bin string) string {
	return strings.Join(globs([]string{
		filepath.Join(bin, "../../../*-linux-gnu*"),
		filepath.Join(bin, "../../../../../lib/*-linux-gnu*"),
	}), ":")
}
