/* What a Flatpak takes away, as its metadata say. Needs no display. */
#include "support.h"

#include <glib/gstdio.h>

#include "app/dinoscope-sandbox.h"

static char *info; /* the path of what stands for /.flatpak-info */

static void
write_info (const char *text)
{
  g_assert_true (g_file_set_contents (info, text, -1, NULL));
}

/* What flatpak-metadata(5) writes. */
static void
test_permissions (void)
{
  static const struct
  {
    const char *text;
    gboolean    network, home;
  } cases[] = {
    { "[Application]\nname=x\n\n[Context]\nshared=network;ipc;\n", TRUE, FALSE },
    { "[Context]\nshared=ipc;network;\nfilesystems=home;\n", TRUE, TRUE },
    { "[Context]\nshared=ipc;\nfilesystems=xdg-pictures;host:ro;\n", FALSE, TRUE },
    { "[Context]\nshared=ipc;\nfilesystems=!home;~/.cache/huggingface:ro;\n", FALSE, FALSE },
    { "[Context]\nsockets=wayland;\n", FALSE, FALSE },
    { "[Application]\nname=x\n", FALSE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      write_info (cases[i].text);
      g_assert_cmpint (dinoscope_sandbox_has_network (), ==, cases[i].network);
      g_assert_cmpint (dinoscope_sandbox_sees_home (), ==, cases[i].home);
    }
  g_remove (info);
  g_assert_true (dinoscope_sandbox_has_network ());
  g_assert_true (dinoscope_sandbox_sees_home ());
}

static gboolean
is_alone (const char *path)
{
  g_autofree char  *absolute = g_path_is_absolute (path) ? g_strdup (path) : g_build_filename (g_get_user_runtime_dir (), path, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (absolute);

  return dinoscope_sandbox_is_alone (file);
}

static void
test_alone (void)
{
  write_info ("[Application]\nname=x\n");
  g_assert_true (is_alone ("doc/1a2b/film.png"));
  g_assert_true (is_alone ("/run/flatpak/doc/1a2b/film.png"));
  g_assert_false (is_alone ("doc/1a2b/films/film.png"));
  g_assert_false (is_alone ("doc/1a2b"));
  g_assert_false (is_alone ("documents/1a2b/film.png"));
  g_assert_false (is_alone ("/srv/film.png"));
  g_remove (info);
  g_assert_false (is_alone ("doc/1a2b/film.png"));
}

int
main (int argc, char *argv[])
{
  int fd, status;

  g_test_init (&argc, &argv, NULL);
  fd = g_file_open_tmp ("dinoscope-XXXXXX", &info, NULL);
  g_assert_true (g_close (fd, NULL));
  g_setenv ("DINOSCOPE_FLATPAK_INFO", info, TRUE);
  g_test_add_func ("/sandbox/permissions", test_permissions);
  g_test_add_func ("/sandbox/alone", test_alone);
  status = g_test_run ();
  g_remove (info);
  g_free (info);
  return status;
}
