//go:build unix

package pgdev

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is the user of the server. Postgres refuses to run as root, so root runs it as
// another user. Any other user runs it as themselves.
type account struct {
	name     string
	uid, gid int
	lent     bool // differs from the user of this process
}

// serverUsers are the accounts that root looks for, in this order.
var serverUsers = []string{"postgres", "_postgres", "nobody", "daemon"}

// chooseAccount returns the owner of existing data, or else a suitable account. dataOwner
// is -1 when there are no data yet.
func chooseAccount(dataOwner int) (account, error) {
	self := os.Geteuid()
	switch {
	case dataOwner == 0:
		return account{}, errors.New("the data belong to root, as whom Postgres refuses to run; give them to another user with chown -R")
	case self != 0 && dataOwner >= 0 && dataOwner != self:
		return account{}, fmt.Errorf("the data belong to the user with id %d; run as that user or as root", dataOwner)
	case self != 0:
		return account{name: strconv.Itoa(self), uid: self, gid: os.Getegid()}, nil
	case dataOwner > 0:
		u, err := user.LookupId(strconv.Itoa(dataOwner))
		if err != nil {
			return account{}, fmt.Errorf("the data belong to a user that this machine does not know: %w", err)
		}
		return lend(u)
	}
	for _, name := range serverUsers {
		if u, err := user.Lookup(name); err == nil {
			return lend(u)
		}
	}
	return account{}, fmt.Errorf("postgres does not run as root, and this machine has none of the users %v to run it as; add one with: useradd --system postgres", serverUsers)
}

func lend(u *user.User) (account, error) {
	// 32 bits unsigned: the user nobody of macOS has the id -2.
	uid, err := strconv.ParseInt(u.Uid, 10, 64)
	if err != nil {
		return account{}, fmt.Errorf("reading the id of user %s: %w", u.Username, err)
	}
	gid, err := strconv.ParseInt(u.Gid, 10, 64)
	if err != nil {
		return account{}, fmt.Errorf("reading the group of user %s: %w", u.Username, err)
	}
	return account{name: u.Username, uid: int(uint32(uid)), gid: int(uint32(gid)), lent: true}, nil
}

// command is exec.CommandContext as this account. The command gets a process group of its
// own, so that Ctrl-C in a terminal reaches the owner only. Of our environment it gets
// only the search path.
func (a account) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if a.lent {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
	return cmd
}

// own makes this account the owner of a directory. A link in its place is not followed:
// otherwise the account could plant a link and gain other people's files.
func (a account) own(path string) error {
	if !a.lent {
		return nil
	}
	if err := os.Lchown(path, a.uid, a.gid); err != nil {
		return fmt.Errorf("giving %s to user %s: %w", path, a.name, err)
	}
	return nil
}

// checkEnter reports which directory on the way to dir is closed to this account.
func (a account) checkEnter(ctx context.Context, dir string) error {
	if !a.lent || a.enters(ctx, dir) {
		return nil
	}
	culprit := dir
	for p := filepath.Dir(dir); !a.enters(ctx, p); p = filepath.Dir(p) {
		culprit = p
	}
	return fmt.Errorf("postgres runs as user %s, because it refuses to run as root, and %s does not let that user in: choose a folder elsewhere, such as /var/lib/supporty, or run as an ordinary user",
		a.name, culprit)
}

func (a account) enters(ctx context.Context, dir string) bool {
	return a.command(ctx, "/bin/sh", "-c", `cd -- "$1"`, "sh", dir).Run() == nil
}
