package main

import "github.com/spf13/cobra"

// commands are all subcommands, in the order of a first day with fournines.
func commands(a *app) []*cobra.Command {
	return []*cobra.Command{
		newRun(a), newObserve(a), newList(a), newExplain(a), newValidate(a), newJudge(a), newCalibrate(a),
		newUp(a), newStatus(a), newDown(a), newDoctor(a), newVersion(a), newCompletion(a), newPlatform(),
	}
}
