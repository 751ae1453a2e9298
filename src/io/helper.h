/* A process that reads what a stranger made, from outside: it is started for one
 * file, asked, and ended in any case. Private to io. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/picture/picture.h"

/* Seconds that a file may take. */
#define DINO_HELPER_DEADLINE 90

enum dino_helper_problem
{
  DINO_HELPER_NO_PIPE,   /* number: errno */
  DINO_HELPER_NO_START,  /* path, number: errno */
  DINO_HELPER_TOO_LONG,  /* of this program's or the processor's time */
  DINO_HELPER_ESCAPES,   /* it tried what its sandbox does not allow */
  DINO_HELPER_BROKE_OFF, /* number: the signal of its fault */
  DINO_HELPER_ENDED,     /* by somebody else, twice; number: the signal */
  DINO_HELPER_NO_WORK,   /* number: the exit code */
  DINO_HELPER_NONSENSE   /* it answers what nobody can mean */
};

struct dino_helper;

/* Which program it is. */
struct dino_helper_program
{
  const char *name;      /* of the program */
  const char *variable;  /* of the environment, which may name another one */
  const char *sibling;   /* where it lies from a program's folder in the build tree */
  const char *installed; /* its path */

  /* Sets helper->error; returns false. */
  bool (*tell) (struct dino_helper *helper, enum dino_helper_problem problem, const char *path, int number);
};

struct dino_helper
{
  const struct dino_helper_program *program;
  const char                       *name;             /* of the file, in messages */
  const struct dino_progress       *progress;         /* asked often whether to go on; may be NULL */
  int                               deadline_seconds; /* 0: DINO_HELPER_DEADLINE */
  struct dino_error                *error;
  pid_t                             pid;
  int                               fd;      /* what it writes */
  int64_t                           left_ms; /* of the deadline */
};

/* Starts it with input as its standard input. */
bool dino_helper_start (struct dino_helper *helper, int input, const char *argument);

/* Fewer bytes than asked for where it ends early; -1 on failure. */
ssize_t dino_helper_receive (struct dino_helper *helper, void *buffer, size_t length);

/* Ends it in any case and returns its status. */
int dino_helper_finish (struct dino_helper *helper);

/* What the helper answers, or NULL. *complete: the answer was whole, be it a
 * refusal or one that makes no sense. */
typedef struct dino_picture *(*dino_helper_answer) (struct dino_helper *helper, bool *complete);

/* Starts it, takes its answer, ends it and measures the picture. One that somebody
 * else ends is started once more: what ends a whole job (a scheduler, a shortage of
 * memory) may come to the helper before it comes to this process, and says nothing of
 * the file. The picture is the caller's; NULL on failure, and the error says why. */
struct dino_picture *dino_helper_read (struct dino_helper *helper, int input, const char *argument, dino_helper_answer answer);
