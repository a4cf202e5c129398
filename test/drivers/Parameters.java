/*
 * What JDBC does with a parameter where gaiops.ordered_json is taken, and with
 * values of feedback and a limit of time.
 *
 * Prints a line per way of writing it: what came of it, or the error.  The server
 * is that of JDBC_URL.
 */
import java.math.BigDecimal;
import java.sql.*;
import java.util.*;

import org.postgresql.util.PGobject;

public class Parameters
{
	static final String TEXT = "[{\"role\": \"user\", \"content\": \"Hi\", \"z\": 1.0, \"a\": 2}]";
	static final String ASKED = "SELECT p.inputs::text FROM gaiops.span_payloads AS p WHERE p.kind = 'request' ORDER BY p.start_time DESC LIMIT 1";
	static Connection connection;
	static String trace;

	static String only(String query) throws SQLException
	{
		try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(query))
		{
			rows.next();
			return rows.getString(1);
		}
	}

	static PGobject object(String type, String value) throws SQLException
	{
		PGobject made = new PGobject();

		made.setType(type);
		made.setValue(value);
		return made;
	}

	static void chat(String name, Object value, String cast)
	{
		String outcome;

		try (PreparedStatement call = connection.prepareStatement("SELECT gaiops_chat('echo', messages => ?" + cast + ")"))
		{
			call.setObject(1, value);
			call.executeQuery();
			outcome = only(ASKED).contains("\"z\": 1.0, \"a\": 2") ? "kept" : "another order";
		}
		catch (SQLException error)
		{
			outcome = error.getMessage().lines().findFirst().get();
		}
		System.out.println(name + " as $1" + cast + ": " + outcome);
	}

	static void feedback(String name, Object value, String cast)
	{
		String outcome;

		try (PreparedStatement log = connection.prepareStatement("SELECT gaiops_log_feedback(?::uuid, 'tried', ?" + cast + ")"))
		{
			log.setString(1, trace);
			log.setObject(2, value);
			ResultSet rows = log.executeQuery();
			rows.next();
			outcome = only("SELECT value FROM gaiops.assessments WHERE assessment_id = '" + rows.getString(1) + "'");
		}
		catch (SQLException error)
		{
			outcome = error.getMessage().lines().findFirst().get();
		}
		System.out.println("feedback, " + name + cast + ": " + outcome);
	}

	static void socketTimeout() throws SQLException
	{
		try (Connection hurried = DriverManager.getConnection(System.getenv("JDBC_URL") + "&socketTimeout=3"))
		{
			hurried.createStatement().executeQuery("SELECT gaiops_chat('llm-dev', 'slow:8000')");
		}
		catch (SQLException error)
		{
			System.out.println("socketTimeout: " + error.getSQLState() + ", under way: " + only("SELECT count(*) FROM gaiops.calls_in_flight"));
		}
	}

	public static void main(String[] arguments) throws SQLException
	{
		connection = DriverManager.getConnection(System.getenv("JDBC_URL"));
		only("SELECT gaiops_chat('echo', 'Hi')");
		trace = only("SELECT gaiops_last_trace_id()");
		for (String cast : new String[] {"", "::json"})
		{
			chat("String", TEXT, cast);
			chat("PGobject json", object("json", TEXT), cast);
			chat("PGobject jsonb", object("jsonb", TEXT), cast);
		}
		feedback("boolean", true, "");
		feedback("int", 4, "");
		feedback("BigDecimal", new BigDecimal("0.50"), "");
		feedback("String 4", "4", "");
		feedback("String[]", new String[] {"a", "b"}, "");
		feedback("empty Array", connection.createArrayOf("text", new Object[0]), "");
		feedback("JSON in a String", "{\"a\": 1}", "");
		feedback("PGobject jsonb", object("jsonb", "{\"a\": 1}"), "");
		feedback("Map", Map.of("a", 1), "");
		feedback("String[]", new String[] {"a", "b"}, "::text[]");
		socketTimeout();
	}
}
