/* Runs a program of this folder on every file of the folders that are named, as
 * TAP. A file whose name begins with "good-" has to be taken, one that begins
 * with "bad-" refused, and one that begins with "good64-" taken or refused: its
 * sizes are too large for addresses of 32 bits. Of all others it is asked that
 * nothing breaks. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

#define ADDRESSES_OF_64_BITS (SIZE_MAX > UINT32_MAX)

static int n_cases, n_failures;

/* Exactly as long as the file, so that a sanitizer sees what is read beyond it. */
static uint8_t *
read_file (const char *path, size_t *size)
{
  FILE    *file = fopen (path, "rb");
  uint8_t *data = NULL;
  long     length = -1;

  if (file == NULL)
    return NULL;
  if (fseek (file, 0, SEEK_END) == 0)
    length = ftell (file);
  rewind (file);
  if (length >= 0)
    data = malloc (length > 0 ? (size_t) length : 1);
  if (data != NULL && fread (data, 1, (size_t) length, file) != (size_t) length)
    {
      free (data);
      data = NULL;
    }
  fclose (file);
  *size = (size_t) length;
  return data;
}

static bool
begins (const char *name, const char *prefix)
{
  return strncmp (name, prefix, strlen (prefix)) == 0;
}

static const char *
run (const char *path, const char *name)
{
  size_t   size = 0;
  uint8_t *data = read_file (path, &size);

  if (data == NULL)
    return "cannot be read";
  fuzz_taken (false);
  LLVMFuzzerTestOneInput (data, size);
  free (data);
  if (!fuzz_was_taken () && (begins (name, "good-") || (ADDRESSES_OF_64_BITS && begins (name, "good64-"))))
    return "was refused";
  if (fuzz_was_taken () && (begins (name, "bad-") || (!ADDRESSES_OF_64_BITS && begins (name, "good64-"))))
    return "was taken";
  return NULL;
}

static int
is_file (const struct dirent *entry)
{
  return entry->d_name[0] != '.';
}

static void
run_folder (const char *folder)
{
  struct dirent **entries = NULL;
  int             n = scandir (folder, &entries, is_file, alphasort);

  if (n <= 0)
    {
      printf ("not ok %d - %s has files\n", ++n_cases, folder);
      n_failures++;
    }
  for (int i = 0; i < n; i++)
    {
      char        path[4096];
      const char *problem;

      snprintf (path, sizeof path, "%s/%s", folder, entries[i]->d_name);
      problem = run (path, entries[i]->d_name);
      n_failures += problem != NULL;
      printf ("%sok %d - %s%s%s\n", problem != NULL ? "not " : "", ++n_cases, entries[i]->d_name, problem != NULL ? " " : "", problem != NULL ? problem : "");
      fflush (stdout);
      free (entries[i]);
    }
  free (entries);
}

int
main (int argc, char **argv)
{
  for (int i = 1; i < argc; i++)
    run_folder (argv[i]);
  printf ("1..%d\n", n_cases);
  return n_failures > 0 || n_cases == 0;
}
