/* Plug-ins: good ones are found and asked, broken ones are named and switched off, and all else goes on. */
#include <unistd.h>

#include "engine-support.h"

#define KEEP_ALL (DINO_KEEP_HIDDEN_STATES | DINO_KEEP_CLS_ATTENTION)

static DinoscopeEngine  *engine;
static DinoscopeContext *context;

static DinoscopePlugin *
find_plugin (const char *name)
{
  g_autoptr (GListModel) list = dinoscope_plugins_list ();

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (DinoscopePlugin) plugin = g_list_model_get_item (list, i);

      /* The list keeps it. */
      if (g_str_equal (dinoscope_plugin_get_name (plugin), name))
        return plugin;
    }
  return NULL;
}

static void
assert_state (const char *name, DinoscopePluginState state, const char *reason)
{
  DinoscopePlugin *plugin = find_plugin (name);
  g_autofree char *found = NULL;
  g_autofree char *problem = NULL;

  g_assert_nonnull (plugin);
  g_assert_cmpint (dinoscope_plugin_get_state (plugin), ==, state);
  found = dinoscope_plugin_dup_reason (plugin);
  problem = dinoscope_plugin_describe_problem (plugin);
  if (reason == NULL)
    {
      g_assert_null (found);
      g_assert_null (problem);
      return;
    }
  g_test_message ("%s", problem);
  g_assert_nonnull (strstr (found, reason));
  g_assert_nonnull (strstr (problem, name));
  g_assert_nonnull (strstr (problem, reason));
}

static void
test_list (void)
{
  static const char *const loaded[] = { "example", "linear-probe", "every-type", "endless", "error-return" };

  for (gsize i = 0; i < G_N_ELEMENTS (loaded); i++)
    {
      g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find (loaded[i]);

      assert_state (loaded[i], DINOSCOPE_PLUGIN_IN_USE, NULL);
      g_assert_nonnull (provider);
      g_assert_true (dinoscope_plugins_find (G_OBJECT_TYPE (provider)) == find_plugin (loaded[i]));
      g_assert_cmpstr (dinoscope_plugin_get_overlays (find_plugin (loaded[i]))[0], ==, loaded[i]);
      g_assert_cmpstr (dinoscope_overlay_provider_get_id (provider), ==, loaded[i]);
    }
}

/* What cannot be loaded. */
static void
test_refused (void)
{
  static const struct
  {
    const char *name, *reason;
  } refused[] = {
    { "missing-symbol", "this_function_is_nowhere" },
    { "wrong-version", "version 99" },
    { "duplicate", "“pca”" },
    { "stranger", "no plug-in" },
  };
  g_autoptr (DinoscopeOverlayProvider) pca = dinoscope_overlays_find ("pca");

  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      assert_state (refused[i].name, DINOSCOPE_PLUGIN_REFUSED, refused[i].reason);
      g_assert_null (dinoscope_plugin_get_overlays (find_plugin (refused[i].name))[0]);
      g_assert_null (dinoscope_overlays_find (refused[i].name));
      g_assert_false (dinoscope_plugin_use_again (find_plugin (refused[i].name)));
    }
  /* Whose name was taken. */
  g_assert_null (dinoscope_plugins_find (G_OBJECT_TYPE (pca)));
}

static void
assert_goes_on (void)
{
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find ("pca");
  g_autoptr (GError)                   error = NULL;
  g_autoptr (DinoscopeMap)             map = dinoscope_engine_compute_map (engine, provider, context, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (map);
}

/* What fails when it is asked. */
static void
test_failing (void)
{
  static const struct
  {
    const char *name, *reason;
  } failing[] = {
    { "error-return", "The moon is full" },
    { "false-cancel", "Nobody did that" },
    { "null-return", "did not say why" },
    { "non-finite", "not finite" },
    { "nonsense-size", "patch grid" },
    { "nonsense-place", "not a rectangle" },
    { "two-channels", "2 channels" },
    { "no-map", "no map" },
    { "bad-block", "a block" },
    { "bad-parameters", "parameters" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (failing); i++)
    {
      g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find (failing[i].name);
      g_autoptr (DinoscopeOverlayProvider) gone = NULL;
      g_autoptr (GError)                   error = NULL;
      g_autoptr (GError)                   again = NULL;

      g_assert_nonnull (provider);
      g_assert_null (dinoscope_engine_compute_map (engine, provider, context, NULL, NULL, &error));
      g_assert_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_OVERLAY);
      g_assert_nonnull (strstr (error->message, failing[i].name));
      g_assert_nonnull (strstr (error->message, failing[i].reason));
      assert_state (failing[i].name, DINOSCOPE_PLUGIN_OFF, failing[i].reason);

      gone = dinoscope_overlays_find (failing[i].name);
      g_assert_null (gone);
      g_assert_null (dinoscope_engine_compute_map (engine, provider, context, NULL, NULL, &again));
      g_assert_error (again, DINOSCOPE_ERROR, DINOSCOPE_ERROR_OVERLAY);
      g_assert_nonnull (strstr (again->message, "switched off"));
    }
  assert_goes_on ();
}

static void
changed_cb (DinoscopePlugin *plugin, guint *n)
{
  ++*n;
}

static void
test_use_again (void)
{
  DinoscopePlugin                     *plugin = find_plugin ("null-return");
  g_autoptr (DinoscopeOverlayProvider) provider = NULL;
  guint                                n = 0;
  gulong                               handler = g_signal_connect (plugin, "changed", G_CALLBACK (changed_cb), &n);

  while (g_main_context_iteration (NULL, FALSE))
    ;
  n = 0;
  g_assert_true (dinoscope_plugin_use_again (plugin));
  g_assert_false (dinoscope_plugin_use_again (plugin));
  assert_state ("null-return", DINOSCOPE_PLUGIN_IN_USE, NULL);
  provider = dinoscope_overlays_find ("null-return");
  g_assert_nonnull (provider);
  g_assert_null (dinoscope_engine_compute_map (engine, provider, context, NULL, NULL, NULL));
  assert_state ("null-return", DINOSCOPE_PLUGIN_OFF, "did not say why");
  while (n < 2)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (plugin, handler);
}

/* A value that a person chose is no fault of the plug-in. */
static void
test_wrong_value (void)
{
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find ("linear-probe");
  g_autoptr (GError)                   error = NULL;

  g_assert_null (dinoscope_engine_compute_map (engine, provider, context, NULL, NULL, &error));
  g_assert_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER);
  assert_state ("linear-probe", DINOSCOPE_PLUGIN_IN_USE, NULL);
}

static void
begun_cb (double done, gpointer begun)
{
  *(gboolean *) begun = TRUE;
}

/* Asks the plug-in that never ends, and comes back when it is at it. */
static void
begin_endless (GCancellable *cancellable, SupportReply *reply)
{
  g_autoptr (DinoscopeOverlayProvider) endless = dinoscope_overlays_find ("endless");
  gboolean                             begun = FALSE;

  g_assert_nonnull (endless);
  dinoscope_engine_compute_map_with_progress_async (engine, endless, context, NULL, cancellable, begun_cb, &begun, NULL, support_reply_cb, reply);
  while (!begun)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (reply->n_calls, ==, 0);
}

/* One that does not stop loses its thread: maps go on, and the engine ends. */
static void
test_endless (void)
{
  g_autoptr (DinoscopeOverlayProvider) endless = dinoscope_overlays_find ("endless");
  g_autoptr (DinoscopeOverlayProvider) example = dinoscope_overlays_find ("example");
  g_autoptr (GCancellable)             cancellable = g_cancellable_new ();
  g_autoptr (GError)                   error = NULL;
  g_autoptr (GError)                   refused = NULL;
  g_autoptr (DinoscopeMap)             map = NULL;
  g_auto (SupportReply)                first = { 0 };
  g_auto (SupportReply)                second = { 0 };

  begin_endless (cancellable, &first);
  g_cancellable_cancel (cancellable);
  dinoscope_engine_compute_map_async (engine, example, context, NULL, NULL, support_reply_cb, &second);
  g_assert_null (dinoscope_engine_compute_map_finish (engine, support_wait (&first), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  map = dinoscope_engine_compute_map_finish (engine, support_wait (&second), NULL);
  g_assert_nonnull (map);

  assert_state ("endless", DINOSCOPE_PLUGIN_LEFT_BEHIND, "did not stop");
  g_assert_null (dinoscope_overlays_find ("endless"));
  g_assert_false (dinoscope_plugin_use_again (find_plugin ("endless")));
  g_assert_null (dinoscope_engine_compute_map (engine, endless, context, NULL, NULL, &refused));
  g_assert_error (refused, DINOSCOPE_ERROR, DINOSCOPE_ERROR_OVERLAY);
}

/* Nobody cancels it, and the engine is shut down. */
static void
test_shutdown (void)
{
  g_auto (SupportReply) reply = { 0 };
  g_autoptr (GError)    error = NULL;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 300 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }
  begin_endless (NULL, &reply);
  dinoscope_engine_shutdown (engine);
  g_assert_null (dinoscope_engine_compute_map_finish (engine, support_wait (&reply), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_state ("endless", DINOSCOPE_PLUGIN_LEFT_BEHIND, "did not stop");
}

/* In a process of its own, since plug-ins are loaded once. */
static void
run_apart (const char *test)
{
  g_test_trap_subprocess (test, 300 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
}

static guint
count_plugins (void)
{
  g_autoptr (GListModel) list = dinoscope_plugins_list ();

  return g_list_model_get_n_items (list);
}

static void
test_none (void)
{
  g_setenv ("DINOSCOPE_PLUGINS", "none", TRUE);
  g_assert_cmpuint (count_plugins (), ==, 0);
}

static void
test_blank (void)
{
  g_autofree char *folder = g_strdup (g_getenv ("DINOSCOPE_PLUGIN_PATH"));
  char           **folders = g_strsplit (folder, ":", -1);

  g_assert_cmpint (chdir (folders[0]), ==, 0);
  g_strfreev (folders);
  g_setenv ("DINOSCOPE_PLUGIN_PATH", ":.::./", TRUE);
  g_assert_cmpuint (count_plugins (), ==, 0);
}

static void
test_privileged (void)
{
  g_assert_cmpint (seteuid (65534), ==, 0);
  g_assert_cmpuint (count_plugins (), ==, 0);
  /* A leak checker wants to look into its own process. */
  g_assert_cmpint (seteuid (0), ==, 0);
}

static void
test_help (void)
{
  g_setenv ("DINOSCOPE_PLUGINS", "help", TRUE);
  g_assert_cmpuint (count_plugins (), >, 0);
}

static void
test_environment (void)
{
  run_apart ("/plugins-apart/subprocess/none");
  run_apart ("/plugins-apart/subprocess/blank");
  run_apart ("/plugins-apart/subprocess/help");
  g_test_trap_assert_stderr ("*looked for in:*example.so*missing-symbol*this_function_is_nowhere*");
  if (geteuid () == 0)
    run_apart ("/plugins-apart/subprocess/privileged");
}

static void
prepare (void)
{
  g_autoptr (GError)            error = NULL;
  g_autoptr (DinoscopeModel)    model = NULL;
  g_autoptr (DinoscopeStudy)    study = NULL;
  g_autoptr (DinoscopeFeatures) features = NULL;

  engine = dinoscope_engine_new (2, &error);
  g_assert_no_error (error);
  model = support_load_checkpoint (engine, "tiny-1");
  study = support_open_formula (engine, 91, 70);
  features = dinoscope_engine_encode (engine, study, model, KEEP_ALL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  context = dinoscope_context_new (features, NULL, 0);
}

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  prepare ();
  g_test_add_func ("/plugins/environment", test_environment);
  g_test_add_func ("/plugins-apart/subprocess/none", test_none);
  g_test_add_func ("/plugins-apart/subprocess/blank", test_blank);
  g_test_add_func ("/plugins-apart/subprocess/help", test_help);
  g_test_add_func ("/plugins-apart/subprocess/privileged", test_privileged);
  g_test_add_func ("/plugins/shutdown", test_shutdown);
  g_test_add_func ("/plugins/list", test_list);
  g_test_add_func ("/plugins/refused", test_refused);
  g_test_add_func ("/plugins/failing", test_failing);
  g_test_add_func ("/plugins/use-again", test_use_again);
  g_test_add_func ("/plugins/wrong-value", test_wrong_value);
  g_test_add_func ("/plugins/endless", test_endless);
  result = g_test_run ();
  g_object_unref (context);
  dinoscope_engine_shutdown (engine);
  g_assert_finalize_object (engine);
  return result;
}
