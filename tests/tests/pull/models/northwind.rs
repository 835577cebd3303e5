// The models of a database, as `schemasync pull` found it.
//
// needs: chrono (feature `chrono` of schemasync)
//
// not in the models, left alone:
// - Customers.CustomerID: the primary key takes NULL, which a schema does not allow

use schemasync::{DbTable, DbView};

#[derive(Debug, Clone, DbTable)]
#[db(table = "Categories")]
pub struct Category {
    #[db(id, column = "CategoryID", default(increment))]
    pub category_id: i64,
    #[db(column = "CategoryName", index)]
    pub category_name: Option<String>,
    #[db(column = "Description")]
    pub description: Option<String>,
    #[db(column = "Picture")]
    pub picture: Option<Vec<u8>>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "CustomerCustomerDemo")]
pub struct CustomerCustomerDemo {
    #[db(id, column = "CustomerID", fk = Customer::customer_id)]
    pub customer_id: String,
    #[db(id, column = "CustomerTypeID")]
    #[db(fk = CustomerDemographic::customer_type_id)]
    pub customer_type_id: String,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "CustomerDemographics")]
pub struct CustomerDemographic {
    #[db(id, column = "CustomerTypeID")]
    pub customer_type_id: String,
    #[db(column = "CustomerDesc")]
    pub customer_desc: Option<String>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "Customers")]
#[db(index(columns(city, country desc), name = "City and Country"))]
pub struct Customer {
    #[db(id, column = "CustomerID")]
    pub customer_id: String,
    #[db(column = "CompanyName")]
    pub company_name: Option<String>,
    #[db(column = "ContactName")]
    pub contact_name: Option<String>,
    #[db(column = "ContactTitle")]
    pub contact_title: Option<String>,
    #[db(column = "Address")]
    pub address: Option<String>,
    #[db(column = "City")]
    pub city: Option<String>,
    #[db(column = "Region")]
    pub region: Option<String>,
    #[db(column = "PostalCode")]
    pub postal_code: Option<String>,
    #[db(column = "Country")]
    pub country: Option<String>,
    #[db(column = "Phone")]
    pub phone: Option<String>,
    #[db(column = "Fax")]
    pub fax: Option<String>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "EmployeeTerritories")]
pub struct EmployeeTerritory {
    #[db(id, column = "EmployeeID", fk = Employee::employee_id)]
    pub employee_id: i64,
    #[db(id, column = "TerritoryID", fk = Territory::territory_id)]
    pub territory_id: String,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "Employees")]
#[db(index(
    columns("lower(lastname)", "\"FirstName\" COLLATE NOCASE"),
    unique,
    name = "by name",
    where = "lastname is not null"
))]
pub struct Employee {
    #[db(id, column = "EmployeeID", default(increment))]
    pub employee_id: i64,
    #[db(column = "LastName")]
    pub last_name: Option<String>,
    #[db(column = "FirstName")]
    pub first_name: Option<String>,
    #[db(column = "Title")]
    pub title: Option<String>,
    #[db(column = "BirthDate")]
    pub birth_date: Option<chrono::NaiveDate>,
    #[db(column = "HireDate")]
    pub hire_date: Option<chrono::NaiveDate>,
    #[db(column = "Photo")]
    pub photo: Option<Vec<u8>>,
    #[db(column = "Notes")]
    pub notes: Option<String>,
    #[db(column = "ReportsTo", fk = Employee::employee_id)]
    pub reports_to: Option<i64>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "Order Details")]
#[db(check(name = "cb6b04af", sql = "discount >= (0) and discount <= (1)"))]
#[db(check(name = "096775ec", sql = "quantity > (0)"))]
#[db(check(name = "c5db5f1d", sql = "unitprice >= (0)"))]
pub struct OrderDetail {
    #[db(id, column = "OrderID", fk = Order::order_id)]
    pub order_id: i64,
    #[db(id, column = "ProductID", fk = Product::product_id)]
    pub product_id: i64,
    #[db(column = "UnitPrice", default = 0, sqlite(type = "NUMERIC"))]
    pub unit_price: f64,
    #[db(column = "Quantity", default = 1)]
    pub quantity: i64,
    #[db(column = "Discount", default = 0)]
    pub discount: f64,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "Orders")]
pub struct Order {
    #[db(id, column = "OrderID", default(increment))]
    pub order_id: i64,
    #[db(column = "CustomerID", fk = Customer::customer_id)]
    pub customer_id: Option<String>,
    #[db(column = "EmployeeID", fk = Employee::employee_id)]
    pub employee_id: Option<i64>,
    #[db(column = "OrderDate")]
    pub order_date: Option<chrono::NaiveDateTime>,
    #[db(column = "RequiredDate")]
    pub required_date: Option<chrono::NaiveDateTime>,
    #[db(column = "ShippedDate")]
    #[db(index(order = desc))]
    pub shipped_date: Option<chrono::NaiveDateTime>,
    #[db(column = "ShipVia", fk = Shipper::shipper_id)]
    pub ship_via: Option<i64>,
    #[db(column = "Freight", default = 0, sqlite(type = "NUMERIC"))]
    pub freight: Option<f64>,
    #[db(column = "ShipName")]
    pub ship_name: Option<String>,
    #[db(column = "ShipCountry")]
    pub ship_country: Option<String>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "Products", check(name = "c5db5f1d", sql = "unitprice >= (0)"))]
#[db(check(name = "CK_ReorderLevel", sql = "reorderlevel >= (0)"))]
pub struct Product {
    #[db(id, column = "ProductID", default(increment))]
    pub product_id: i64,
    #[db(column = "ProductName")]
    pub product_name: String,
    #[db(column = "SupplierID", fk = Supplier::supplier_id)]
    pub supplier_id: Option<i64>,
    #[db(column = "CategoryID", fk = Category::category_id)]
    pub category_id: Option<i64>,
    #[db(column = "QuantityPerUnit")]
    pub quantity_per_unit: Option<String>,
    #[db(column = "UnitPrice", default = 0, sqlite(type = "NUMERIC"))]
    pub unit_price: Option<f64>,
    #[db(column = "UnitsInStock", default = 0)]
    pub units_in_stock: Option<i64>,
    #[db(column = "ReorderLevel", default = 0)]
    pub reorder_level: Option<i64>,
    #[db(column = "Discontinued", default = "0")]
    pub discontinued: String,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "Regions")]
pub struct Region {
    #[db(id, column = "RegionID")]
    pub region_id: i64,
    #[db(column = "RegionDescription")]
    pub region_description: String,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "Shippers")]
pub struct Shipper {
    #[db(id, column = "ShipperID", default(increment))]
    pub shipper_id: i64,
    #[db(column = "CompanyName")]
    pub company_name: String,
    #[db(column = "Phone")]
    pub phone: Option<String>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "Suppliers")]
pub struct Supplier {
    #[db(id, column = "SupplierID", default(increment))]
    pub supplier_id: i64,
    #[db(column = "CompanyName")]
    pub company_name: String,
    #[db(column = "HomePage")]
    pub home_page: Option<String>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "Territories")]
pub struct Territory {
    #[db(id, column = "TerritoryID")]
    pub territory_id: String,
    #[db(column = "TerritoryDescription")]
    pub territory_description: String,
    #[db(column = "RegionID", fk = Region::region_id)]
    pub region_id: i64,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "Alphabetical list of products")]
#[db(sql = r#"SELECT Products.*, Categories.CategoryName
FROM Categories INNER JOIN Products ON Categories.CategoryID = Products.CategoryID
WHERE (((Products.Discontinued) = 0))"#)]
pub struct AlphabeticalListOfProducts {
    #[db(column = "ProductID")]
    pub product_id: Option<i64>,
    #[db(column = "ProductName")]
    pub product_name: Option<String>,
    #[db(column = "SupplierID")]
    pub supplier_id: Option<i64>,
    #[db(column = "CategoryID")]
    pub category_id: Option<i64>,
    #[db(column = "QuantityPerUnit")]
    pub quantity_per_unit: Option<String>,
    #[db(column = "UnitPrice")]
    pub unit_price: Option<f64>,
    #[db(column = "UnitsInStock")]
    pub units_in_stock: Option<i64>,
    #[db(column = "ReorderLevel")]
    pub reorder_level: Option<i64>,
    #[db(column = "Discontinued")]
    pub discontinued: Option<String>,
    #[db(column = "CategoryName")]
    pub category_name: Option<String>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "Order Subtotals")]
#[db(
    sql = r#"SELECT [Order Details].OrderID, Sum(([Order Details].UnitPrice * Quantity * (1 - Discount) / 100) * 100) AS Subtotal
FROM [Order Details] GROUP BY [Order Details].OrderID"#
)]
pub struct OrderSubtotals {
    #[db(column = "OrderID")]
    pub order_id: Option<i64>,
    /// The database does not tell its type.
    #[db(column = "Subtotal")]
    pub subtotal: Option<String>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "Quarterly Orders")]
#[db(
    sql = "SELECT DISTINCT Customers.CustomerID, Customers.CompanyName FROM Customers JOIN Orders ON Customers.CustomerID = Orders.CustomerID WHERE Orders.OrderDate BETWEEN DATETIME('1997-01-01') And DATETIME('1997-12-31')"
)]
pub struct QuarterlyOrders {
    #[db(column = "CustomerID")]
    pub customer_id: Option<String>,
    #[db(column = "CompanyName")]
    pub company_name: Option<String>,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        Category,
        CustomerCustomerDemo,
        CustomerDemographic,
        Customer,
        EmployeeTerritory,
        Employee,
        OrderDetail,
        Order,
        Product,
        Region,
        Shipper,
        Supplier,
        Territory,
        AlphabeticalListOfProducts,
        OrderSubtotals,
        QuarterlyOrders,
    }
}
