package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/fournines/fournines/stack/platform/vault"
)

// daemonConfig is the rsync daemon's configuration. What comes in goes to a
// folder of its own and only from there, compared, into the archive: whatever a
// client asks of rsync, it overwrites nothing.
const daemonConfig = `# Written at every start.
use chroot = no
max connections = 16
reverse lookup = no
lock file = %[7]s
timeout = 30
list = no
secrets file = %[1]s
auth users = %[2]s
refuse options = delete

[%[3]s]
path = %[4]s
read only = no
write only = yes
incoming chmod = F600

[%[5]s]
path = %[6]s
read only = yes
`

// daemon runs the rsync daemon until ctx is done, and starts it again when it
// ends.
func (b *backup) daemon(ctx context.Context) error {
	c := b.Config
	secrets, config := filepath.Join(c.Scratch, "rsyncd.secrets"), filepath.Join(c.Scratch, "rsyncd.conf")
	err := errors.Join(
		os.WriteFile(secrets, []byte(vault.User+":"+c.Password+"\n"), 0o600),
		os.WriteFile(config, fmt.Appendf(nil, daemonConfig, secrets, vault.User, vault.Incoming, c.incoming(), vault.Bases, c.bases(), filepath.Join(c.Scratch, "rsyncd.lock")), 0o600),
	)
	if err != nil {
		return fmt.Errorf("configure the rsync daemon: %w", err)
	}
	for {
		err := c.run(ctx, nil, "rsync", "--daemon", "--no-detach", "--config="+config, fmt.Sprintf("--port=%d", c.DaemonPort), "--log-file=/dev/stdout")
		if ctx.Err() != nil {
			return nil
		}
		b.failed("daemon", fmt.Errorf("want the rsync daemon to go on, it ended: %w", err))
		if !pause(ctx, 200*time.Millisecond) {
			return nil
		}
	}
}
