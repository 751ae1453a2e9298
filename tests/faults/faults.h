/* Memory that runs out where a test wants it to. Linked with
 * --wrap=posix_memalign, which only dino_alloc() calls, and --wrap=malloc,
 * which only Jansson's allocator (core/model/json-memory.c) does; what is
 * parsed is known by its reserve. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"

/* Which allocators are watched. */
enum
{
  FAULTS_OWN = 1,
  FAULTS_JSON = 2,      /* Jansson's, for what is made */
  FAULTS_JSON_READ = 4, /* Jansson's, for what is parsed */
  FAULTS_ALL = 7,
};

enum
{
  FAULTS_ONCE,
  FAULTS_FOR_GOOD,
};

#define FAULTS_FRAMES 24

/* What happened since faults_arm(); a fork server shares it with its child. */
struct faults
{
  int      domains;
  int      mode;
  unsigned at;     /* the allocation that fails */
  unsigned n_seen; /* allocations so far */
  unsigned n_failed;
  int      n_frames; /* where the first one failed */
  void    *frames[FAULTS_FRAMES];
};

/* Before all else, once. */
void faults_watch (void);

/* The allocation `at` of domains fails, or it and all after it. */
void faults_arm (struct faults *faults, int domains, int mode, unsigned at);

void faults_disarm (void);
