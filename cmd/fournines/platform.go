package main

import (
	"context"
	"io"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/platform/backup"
	"github.com/fournines/fournines/stack/platform/catalog"
	"github.com/fournines/fournines/stack/platform/db"
	"github.com/fournines/fournines/stack/platform/edge"
	"github.com/fournines/fournines/stack/platform/gateway"
	"github.com/fournines/fournines/stack/platform/orders"
	"github.com/fournines/fournines/stack/platform/pager"
	"github.com/fournines/fournines/stack/platform/vault"
	"github.com/fournines/fournines/stack/platform/zookeeper"
)

// newPlatform holds the hidden commands that run inside the containers of the
// reference platform, and beside them. SIGTERM ends their context; they drain and return.
func newPlatform() *cobra.Command {
	platform := &cobra.Command{Use: "platform", Short: "The reference platform's own programs", Hidden: true}
	for _, program := range []struct {
		name string
		main func(ctx context.Context, args []string, stdout io.Writer) error
	}{
		{"gateway", gateway.Main},
		{"catalog", catalog.Main},
		{"edge", edge.Main},
		{"edge-tell", edge.TellMain},
		{"db", db.Main},
		{stack.Controller, controllerMain},
		{"orders", orders.Main},
		{"backup", backup.Main},
		{"wal-push", vault.PushMain},
		{"wal-fetch", vault.FetchMain},
		{"pager", pager.Main},
		{stack.ZooKeeper, zookeeper.Main},
	} {
		platform.AddCommand(&cobra.Command{
			Use:                program.name,
			DisableFlagParsing: true,
			RunE: func(cmd *cobra.Command, args []string) error {
				ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGTERM, syscall.SIGINT)
				defer stop()
				return program.main(ctx, args, cmd.OutOrStdout())
			},
		})
	}
	return platform
}
